"""Chinese characters that a file holds as the radical of the same shape become the characters."""

from __future__ import annotations

import unicodedata

# Unicode says which character a Kangxi radical is; of the supplement's it says so of two. Below are those of
# them that look like a character, and that character.
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = (
    "⺁⺄⺅⺆⺉⺊⺋⺌⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺥⺦⺨⺩⺬⺭⺮⺯⺰⺱⺲⺶⺹⺺⺻⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙亻冂刂卜㔾小兀尣尢巳幺彑忄㣺扌攵旡月歺母民氵氺灬爫丬犭王示礻竹糹纟罓罒羊耂肀聿艹艹艹虎衤覀西见角讠贝车辶辶辶阝钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
_CHARACTERS = _KANGXI | str.maketrans(*_SUPPLEMENT)


def replace_radicals(text: str) -> str:
    """The text with U+2F00-2FD5, and most of U+2E80-2EF3, as the characters that a reader sees; as long as before.

    A PDF that knows only the shapes of its letters holds 教育⽅案 with the radical ⽅ for 方: no search would find it.
    """
    return text.translate(_CHARACTERS)
