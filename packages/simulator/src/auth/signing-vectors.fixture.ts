/** Facts about signatures, in this room's own shape: what was signed, by whom, and what came out (protocol §10.5). */
export type SigningVector = {
  readonly what: string;
  readonly signer: string;
  /** JSON text in hashing order. */
  readonly action: string;
  readonly nonce: number;
  readonly vault?: string;
  readonly expiresAfter?: number;
  readonly hash: string;
  /** "r s v" */
  readonly mainnet: string;
  readonly testnet: string;
};

export const SIGNING_VECTORS: readonly SigningVector[] = [
  {
    what: "phantom agent (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":4,"b":true,"p":"1670.1","s":"0.0147","r":false,"t":{"limit":{"tif":"Ioc"}}}],"grouping":"na"}',
    nonce: 1677777606040,
    hash: "0x0fcbeda5ae3c4950a548021552a4fea2226858c4453571bf3f24ba017eac2908",
    mainnet:
      "e302c107c0048633293299b066317048f69f685aa4f536fe56c050efaf04996c 70e01d4d26e3d724fb8f8ab54b3f2544a37ea1b092f83532349405274f3f3962 28",
    testnet:
      "54d5cc489d4fa822a2788ecbdfe19d8dd478b9373cf0024b19aeb8452dc15474 0eef26897cba04c5670c683b27c3601deb3189295a5670dda0b7cb97efe1b860 28",
  },
  {
    what: "dummy vault (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"dummy","num":100000000000}',
    nonce: 0,
    vault: "0x1719884eb866cb12b2287399b15f7db5e7d775ea",
    hash: "0xde9e09a7a3da45cc694096d4bfdcd89bc1b892d05497c5ecc1f56c335945184c",
    mainnet:
      "003c548db75e479f8012acf3000ca3a6b05606bc2ec0c29c50c515066a326239 4d402be7396ce74fbba3795769cda45aec00dc3125a984f2a9f23177b190da2c 28",
    testnet:
      "e281d2fb5c6e25ca01601f878e4d69c965bb598b88fac58e475dd1f5e56c362b 7ddad27e9a238d045c035bc606349d075d5c5cd00a6cd1da23ab5c39d4ef0f60 27",
  },
  {
    what: "order (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":1,"b":true,"p":"100","s":"100","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}',
    nonce: 0,
    hash: "0x884f2c32bb6dbdd65f6033e32fb28c0cb6f5b345db0f6471fd3366d85c9252c1",
    mainnet:
      "d65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e 2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e 28",
    testnet:
      "82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54 6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5 27",
  },
  {
    what: "order cloid (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":1,"b":true,"p":"100","s":"100","r":false,"t":{"limit":{"tif":"Gtc"}},"c":"0x00000000000000000000000000000001"}],"grouping":"na"}',
    nonce: 0,
    hash: "0x0ba500cedd8f4ba6ded620a0b1cd04f124d9ba745e2e2893fcc763bcc1444af5",
    mainnet:
      "041ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3 3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da 27",
    testnet:
      "eba0664bed2676fc4e5a743bf89e5c7501aa6d870bdb9446e122c9466c5cd16d 7f3e74825c9114bc59086f1eebea2928c190fdfbfde144827cb02b85bbe90988 28",
  },
  {
    what: "order tpsl (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":1,"b":true,"p":"100","s":"100","r":false,"t":{"trigger":{"isMarket":true,"triggerPx":"103","tpsl":"sl"}}}],"grouping":"na"}',
    nonce: 0,
    hash: "0x430a86fb9876e901920d931f5bb20c9d011f6389bd179f39a73c09e6219adcad",
    mainnet:
      "98343f2b5ae8e26bb2587daad3863bc70d8792b09af1841b6fdd530a2065a3f9 6b5bb6bb0633b710aa22b721dd9dee6d083646a5f8e581a20b545be6c1feb405 27",
    testnet:
      "971c554d917c44e0e1b6cc45d8f9404f32172a9d3b3566262347d0302896a2e4 206257b104788f80450f8e786c329daa589aa0b32ba96948201ae556d5637eac 28",
  },
  {
    what: "scheduleCancel clear (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"scheduleCancel"}',
    nonce: 0,
    hash: "0xa2887a3147b6542306b61d311a056fd1753913d63cc904f30cba61712a98f4ae",
    mainnet:
      "6cdfb286702f5917e76cd9b3b8bf678fcc49aec194c02a73e6d4f16891195df9 6557ac307fa05d25b8d61f21fb8a938e703b3d9bf575f6717ba21ec61261b2a0 27",
    testnet:
      "c75bb195c3f6a4e06b7d395acc20bbb224f6d23ccff7c6a26d327304e6efaeed 342f8ede109a29f2c0723bd5efb9e9100e3bbb493f8fb5164ee3d385908233df 28",
  },
  {
    what: "scheduleCancel time (published py)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"scheduleCancel","time":123456789}',
    nonce: 0,
    hash: "0x4be18e445114437c5d1d9dd35a09f5601a3cc34ed4ac94a0281251b9bd8f6832",
    mainnet:
      "609cb20c737945d070716dcc696ba030e9976fcf5edad87afa7d877493109d55 16c685d63b5c7a04512d73f183b3d7a00da5406ff1f8aad33f8ae2163bab758b 28",
    testnet:
      "4e4f2dbd4107c69783e251b7e1057d9f2b9d11cee213441ccfa2be63516dc5bc 706c656b23428c8ba356d68db207e11139ede1670481a9e01ae2dfcdb0e1a678 27",
  },
  {
    what: "base (published nktkas)",
    signer: "0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"30000","s":"0.1","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}',
    nonce: 1234567890,
    hash: "0x25367e0dba84351148288c2233cd6130ed6cec5967ded0c0b7334f36f957cc90",
    mainnet:
      "61078d8ffa3cb591de045438a1ae2ed299b271891d1943a33901e7cfb3a31ed8 0e91df4f9841641d3322dad8d932874b74d7e082cdb5b533f804964a6963aef9 28",
    testnet:
      "6b0283a894d87b996ad0182b86251cc80d27d61ef307449a2ed249a508ded1f7 6f884e79f4a0a10af62db831af6f8e03b3f11d899eb49b352f836746ee9226da 27",
  },
  {
    what: "vault (published nktkas)",
    signer: "0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"30000","s":"0.1","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}',
    nonce: 1234567890,
    vault: "0x1234567890123456789012345678901234567890",
    hash: "0x214e2ea3270981b6fd18174216691e69f56872663139d396b10ded319cb4bb1e",
    mainnet:
      "77151b3ae29b83c8affb3791568c6452019ba8c30019236003abb1efcd809433 55668c02f6ad4a1c335ce99987b7545984c4edc1765fe52cf115a423dc8279bb 27",
    testnet:
      "294a6cf713483c129be9af5c7450aca59c9082f391f02325715c0d04b7f48ac1 119cfd947dcd2da1d1064a9d08bcf07e01fc9b72dd7cca69a988c74249e300f0 27",
  },
  {
    what: "expires (published nktkas)",
    signer: "0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"30000","s":"0.1","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}',
    nonce: 1234567890,
    expiresAfter: 1234567890,
    hash: "0xc30b002ba3775e4c31c43c1dfd3291dfc85c6ae06c6b9f393991de86cad5fac7",
    mainnet:
      "162a52128fb58bc6adb783e3d36913c53127851144fc45c5603a51e97b9202fd 469571eb0a2101a32f81f9584e15fd35c723a6089e106f4f33798dbccf7cd416 28",
    testnet:
      "5094989a7c0317db6553f21dd7f90d43415e8bd01af03829de249d4ea0aa5f66 491d04966e81662bd4e70d607fac30e71803c01733f4f66ff7299b0470675b8b 27",
  },
  {
    what: "vault expires (published nktkas)",
    signer: "0xe5ca49fb3bd9a581f0d1ef9cb5d7177da08bf901",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"30000","s":"0.1","r":false,"t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}',
    nonce: 1234567890,
    vault: "0x1234567890123456789012345678901234567890",
    expiresAfter: 1234567890,
    hash: "0x2d62412aa0fc57441b5189841d81554a6a9680bf07204e1454983a9ca44f0744",
    mainnet:
      "78fcca006d7fdfaf1f66978ef7a60280246fc3e7a5b39a68a1656c3e42c58bf1 61a09957de7f0886c2bdffb7a94e3a257bf240796883ea6ceaf4d0be37055cdd 27",
    testnet:
      "3a0bbbd9fadca54f58a2b7050899cecb97f68b2f693c63e91ca60510427326d7 60f75f12cae7b9dc18b889406192afcaf13f40d2f8c68cc01f7f83f3fb5deb23 27",
  },
  {
    what: "cancel (published rust)",
    signer: "0xcd49bbac6e85fdeb167eb7ca41a945d2b8758f6f",
    action: '{"type":"cancel","cancels":[{"a":1,"o":82382}]}',
    nonce: 1583838,
    hash: "0xa53262329d1e221a88ff73e5ce330e0e47fb646091cae7020c34c346e592b77e",
    mainnet:
      "02f76cc5b16e0810152fa0e14e7b219f49c361e3325f771544c6f54e157bf9fa 17ed0afc11a98596be85d5cd9f86600aad515337318f7ab346e5ccc1b03425d5 27",
    testnet:
      "6ffebadfd48067663390962539fbde76cfa36f53be65abe2ab72c9db6d0db444 57720db9d7c4860f142a484f070c84eb4b9694c3a617c83f0d698a27e55fd5e0 28",
  },
  {
    what: "order builder (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}],"grouping":"na","builder":{"b":"0x1719884eb866cb12b2287399b15f7db5e7d775ea","f":10}}',
    nonce: 1700000000000,
    hash: "0xc0b657a51afa26e80bb3a7aa4bb5a6a6adbf25c5d25659919e511c7657a98604",
    mainnet:
      "64855e0e363aef5f8715da097cf42f75a5c4e00e90aa4d698a019c0bbc7ac5df 209fc3381a83c72a6b19553fc5a34f54ca182b88bedaff593d2ae80d72461513 28",
    testnet:
      "772ec874e79a4cff0ae23a6701fe3f9ca27c1efbc135516bae7a3ac294f14227 11b5d9f274334ed59676c47a15a93a344726da3094b5375b22ba8a42fe190124 27",
  },
  {
    what: "cancel uint64 oid (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"cancel","cancels":[{"a":0,"o":313890189710},{"a":10107,"o":91490942}]}',
    nonce: 1700000000000,
    hash: "0x1f2c0df58d1bbec9e7f24c6de77a0466d93595bd8769b138f7236bacc723cb93",
    mainnet:
      "c3e7178a466bf5b0248cde13692492d433072c153d7bfbddad526b7435c059b2 0070121a45fbec102e83942f52653866ee86e58791714981129432a40522b7a4 27",
    testnet:
      "ce998fc6fe05573377d2ba3468fd6327696a55162396891f60dd7728ff8da3d0 7e371888627baa779649d1d9cb547c73d73e51a8004f2a0c440a1c81db338a79 28",
  },
  {
    what: "cancelByCloid (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"cancelByCloid","cancels":[{"asset":0,"cloid":"0x000000000000000000000000000000a1"}]}',
    nonce: 1700000000000,
    hash: "0x223892f74e39703a9abae2654d438b8bc43254b4e88f41afc2866cdc0bbefd98",
    mainnet:
      "50894e975577a8b43f512db2bccb075d2f1deb3230577474904f7f4b17d2f31a 3698aa8069336f4888b3bb62807217e93952f6f08685a90de15565074085f194 27",
    testnet:
      "5b7511ea4ff4fb6ac7f84859c6218db808106479d464bbd8f933f9f9acf4e5c8 498d2cb8ddea2ccb89ba1ecc548ab168efafa911c819215c467118986ea12328 27",
  },
  {
    what: "modify by oid (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"modify","oid":313890189710,"order":{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}}',
    nonce: 1700000000000,
    hash: "0xb3a921d9fb1118928becd9a9c10752a24d5f7c045a2820c3b698b0f9f19d821e",
    mainnet:
      "accf24fa9ec31cb6eb18793e79e85d1e0f8e4c7c96c75a00e4ec9eaec3e20aa3 2b384629e65b23e056f8cf2383d381b9a466cd653ed9502322fa04e1e7baef99 28",
    testnet:
      "1c3b1d01ec4092c0cfe8e90a730355a0b26ad97d495c8023dfc7d61d89506eea 30065b95ff3eeeb38b176823be3ffc0e272a7853ad97fc8f899d73e3b5048538 27",
  },
  {
    what: "modify by cloid (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"modify","oid":"0x000000000000000000000000000000a1","order":{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}}',
    nonce: 1700000000000,
    hash: "0x9aa6c12083c2ca0a0e8f28cd4af0a5a8701bd35ad4cbe07e15c7d8e4cd3cd7ee",
    mainnet:
      "ea77b2ca182fd3f2f684377b4291a59238dab00eb1afc0280f6e34b2e39b3456 63fd5773f6a1a7dd0e631a868347f4f0afb1dcb0ce17c30ad52f15f8f16d0169 27",
    testnet:
      "9d25132937f0ae979d1e5f0396f920fa23fb7d24fa24eaf35c0c415cf3c7f79a 2b96f7d5ce684639add51adbd2feb4d2ced920dc99655dc02dcaf316ee4e488f 27",
  },
  {
    what: "batchModify (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"batchModify","modifies":[{"oid":313890189710,"order":{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}},{"oid":"0x000000000000000000000000000000a2","order":{"a":0,"b":false,"p":"65000.5","s":"0.0015","r":true,"t":{"limit":{"tif":"Gtc"}},"c":"0x000000000000000000000000000000a2"}}]}',
    nonce: 1700000000000,
    hash: "0x8ed0adcefa2e6e5c525689119840007c1179991940f1e9cadd36590c5a640eb4",
    mainnet:
      "682bbaa28b082cc065c39df9a339f6ce371cfc06dcabdd2b523d37d4fc2556e9 299c828d0d911525f1ce14f3adee6f7df01159442bbcd292b3ba5eb0aa9cf1b9 28",
    testnet:
      "552975bcad0978b4492d13e0bcd49d378fd5483c814f7d1f3fdeabb8dd1584b2 363ca649c59579812fc906221059c4b0086f7ba90f0cefa08c4b01b305d79815 27",
  },
  {
    what: "batchModify always place (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"batchModify","modifies":[{"oid":313890189710,"order":{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}}],"a":true}',
    nonce: 1700000000000,
    hash: "0x7129956ebd5f5b417282edc3b6e87258dc5543ebfceb595d11b4303bdda29a77",
    mainnet:
      "9b849547a20afc99f1fd124e5b4bd36d6a8e74d528d510cb9f18e174f67bf849 156dad842cdf942bfe462e91030d862256c0d937e4aba398464c49a722add783 28",
    testnet:
      "19d875f084cdc85e14b660cacd3aba0dc28f9dd5d14015feb23975b320758b6d 510b0ddcb09d6fe396c128635d45516183a3c2110984a2cfa4efd1c6db604a5e 28",
  },
  {
    what: "updateLeverage (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"updateLeverage","asset":0,"isCross":true,"leverage":5}',
    nonce: 1700000000000,
    hash: "0x4a2f0def3cccafc69efda4409db55f1144941a44fb0deecd2687ecd80db99c2e",
    mainnet:
      "59856938ebc8b58127a0c2bfc4bbc88f81d5faec69beefdf05beeae649054a3f 124a9e3dcb25662880e64a23bcb8accbb2e88e8986903fa39f8847b44a96c26e 27",
    testnet:
      "0363a53380dbf5beea952843eec85d4a548133bd7931c35a062be0139e4e5388 10ee1eb6ca2afe38511ea6bc93dad2f8e7ec76d51ecbd9510f83e9540eaec860 28",
  },
  {
    what: "noop (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"noop"}',
    nonce: 1700000000000,
    hash: "0xef5dcef9775ebb2c5a6553314e66a6a57bd7e9b2319a869a8b17f08fa48bdcaf",
    mainnet:
      "a094d7afdcaffc2e2643f31df05a7594de12880e6558e17021d863c868a06972 2ec74c7efddc03c04b04a660effe31f52ce3cddd2e0b80c68486ec772ca42ce2 28",
    testnet:
      "04b9af944e3380469044c5ec5d33a9da8cfb406c8e06d5b758f7b9d5bc4d095f 0862f995ef927f761c5dadc2c7a91d39dab55e6991c9b01e10b5f6ab1d3cfaeb 27",
  },
  {
    what: "order vault expiresAfter (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"64000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}},"c":"0x000000000000000000000000000000a1"}],"grouping":"na"}',
    nonce: 1700000000000,
    vault: "0x1719884eb866cb12b2287399b15f7db5e7d775ea",
    expiresAfter: 1700000005000,
    hash: "0x49a284a1e0f0f606ec1dbeebc501f0989d2578cab2fe91dae4791608613c5ca9",
    mainnet:
      "bc692f46791aea6a157ac89b567ebf75ca54a62326cad87260e02657a78266ec 40c82a24a24bb79b16345c0d9d78bdfaa0e864d99205fcc538b35edc92c4ed5b 28",
    testnet:
      "efc7ddd1c7f2a165b660bbef19c736ab945513f6f09c438d838e5bb5ef1557c1 4134e5ec491826fdee6827f8afb56e3c4871a27fa6f709218a69aeb759ba2b94 27",
  },
  {
    what: "cancel fast (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action: '{"type":"cancel","cancels":[{"a":0,"o":1}],"f":true}',
    nonce: 1700000000000,
    hash: "0x9f62f8a97abd137aca7d2f59bd6689f670ac21021475d6b41e2e726a4708c9c7",
    mainnet:
      "9edd73a72322e431da94c8a1c761b672fbf49548bf3aafcbd789b87b4154c320 5967b50c1edfb5c027b81b585e75602bf04be26411cae47b210332ef1c12fab7 27",
    testnet:
      "4f3b592d2191699429107fd433a1d6c2d02d5f98106cdd80850e6a47eed12760 7e9a6012951e42e583c397e98959ef85c1c9df2b82a2f4d34509982fb2654224 27",
  },
  {
    what: "17 orders array16 (recomputed)",
    signer: "0x14791697260e4c9a71f18484c9f997b308e59325",
    action:
      '{"type":"order","orders":[{"a":0,"b":true,"p":"60000","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60001","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60002","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60003","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60004","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60005","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60006","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60007","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60008","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60009","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60010","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60011","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60012","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60013","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60014","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60015","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}},{"a":0,"b":true,"p":"60016","s":"0.001","r":false,"t":{"limit":{"tif":"Alo"}}}],"grouping":"na"}',
    nonce: 1700000000000,
    hash: "0xfe87bc5599eb7a45311482135310d105d8f0073ab6e7c21bad8212d30a74952a",
    mainnet:
      "65feb8c5feebdce6069f8b377e720d2e2b2de06b1d6b757420a9ae9d2410f033 54d5c89c1cea84a232b41994ba91673d09aa46d8495159c100b50f040259da7d 27",
    testnet:
      "b932a7baaf5ab9fafca7489d2bfa7c9f9980c68053dc0b0b35925c769ff44bed 008c0353366c223c5e67e323cdb06f9a198a2be3cb3b88229a441289612ebec6 27",
  },
];
