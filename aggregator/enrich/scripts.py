"""In which script Chinese and Serbian are written: what the primary subtag leaves open."""

import re

# The most frequent characters that only one of the two scripts has, in pairs.
_SIMPLIFIED = frozenset(
    "这们国说时为会来对发现学过还经动进种无从关应长开问样给没当与业两体电车东见书报场门马鸟鱼龙讯网络头实义区"
    "专华单卖卫压厅历县参双变团园图圆块声处备够够夺奖妇孙宁宝审导层岁币师带帮广庆库庙废张强归录总恶惊戏战户"
    "执扩扫护担拥择换损据断旧显晓术机杀权条杨极构标树桥检楼欢毕气汇汉沟济测浅满灭灯灵点烧热爱爷环产疗监盖盘"
    "码确礼离积称稳竞笔筑签简类粮紧红纪级纳纸线练组细终绍结绝统继续绿维编缘罗职联胜脑节艺苏药营虑虽补装规视览"
    "觉观触计订认讨让训议记讲许论设访证评识诉词译试话详语误请读课谁调谈谢负财责败货质购贵费资赛赵赶趋践转轮软"
    "轻较输边达运近远连迟选适邮邻郑释里针钟钱铁银错键镇闭间闻阅队阳阴阶际陆陈险随难雾静项顺须顾预领频题额颜风"
    "飞饭饮馆驾驶验骑鲜麦黄齐"
)
_TRADITIONAL = frozenset(
    "這們國說時為會來對發現學過還經動進種無從關應長開問樣給沒當與業兩體電車東見書報場門馬鳥魚龍訊網絡頭實義區"
    "專華單賣衛壓廳歷縣參雙變團園圖圓塊聲處備夠奪獎婦孫寧寶審導層歲幣師帶幫廣慶庫廟廢張強歸錄總惡驚戲戰戶"
    "執擴掃護擔擁擇換損據斷舊顯曉術機殺權條楊極構標樹橋檢樓歡畢氣匯漢溝濟測淺滿滅燈靈點燒熱愛爺環產療監蓋盤"
    "碼確禮離積稱穩競筆築簽簡類糧緊紅紀級納紙線練組細終紹結絕統繼續綠維編緣羅職聯勝腦節藝蘇藥營慮雖補裝規視覽"
    "覺觀觸計訂認討讓訓議記講許論設訪證評識訴詞譯試話詳語誤請讀課誰調談謝負財責敗貨質購貴費資賽趙趕趨踐轉輪軟"
    "輕較輸邊達運近遠連遲選適郵鄰鄭釋裡針鐘錢鐵銀錯鍵鎮閉間聞閱隊陽陰階際陸陳險隨難霧靜項順須顧預領頻題額顏風"
    "飛飯飲館駕駛驗騎鮮麥黃齊"
)
_ONLY_SIMPLIFIED = _SIMPLIFIED - _TRADITIONAL
_ONLY_TRADITIONAL = _TRADITIONAL - _SIMPLIFIED
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-zA-Z\u00c0-\u024f]")


def chinese_script(text: str) -> str | None:
    """Return "Hans" or "Hant", or None where the text has as many marks of both."""
    simplified, traditional = _count(text, _ONLY_SIMPLIFIED), _count(text, _ONLY_TRADITIONAL)
    if simplified == traditional:
        return None
    return "Hans" if simplified > traditional else "Hant"


def serbian_script(text: str) -> str:
    """Return "Cyrl" or "Latn", whichever most letters are."""
    return "Cyrl" if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)) else "Latn"


def _count(text: str, characters: frozenset[str]) -> int:
    return sum(character in characters for character in text)
