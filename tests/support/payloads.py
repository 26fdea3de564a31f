"""What somebody may write to make a platform, a calendar or a workbook do something of its own."""

from __future__ import annotations

_SLACK = """
<!channel>|<!here>|<!everyone>|<@U1>|<@U1|anna>|<#C1>|<#C1|st>|<https://evil.se>|<mailto:a@x.se>|<tel:112>
*fet*|_kursiv_|~struken~|`kod`|```kod```|>citat|&lt;!channel&gt;|&amp;lt;!here&amp;gt;|:smile:|@channel|#allmänt
https://evil.se/?a=b&c=d|<@U1><!channel>|< !channel>|<!channel|<<!channel>>|\\<!channel\\>|"<!here>"|<!here|x>
&#60;!channel&#62;|%3C!channel%3E|＜!channel＞|\u200b<!channel>|\u202e<!here>|<\u200b!here>|&nbsp;|a&b;c
"""
_TELEGRAM = """
<b>fet</b> <a href='https://ont.se'>klicka</a>|*fet* _kursiv_ [klicka](https://ont.se) `kod`|</b></a>]]>
&lt;b&gt; &amp; &#64;handledd_bot|<a href="tg://user?id=1">Eva</a>|med @eva_ek och @Alla, (@annan_bot)
<!channel> <@U123> @everyone @here|<pre><code>\u202e</code>|<tg-spoiler>dold</tg-spoiler>|@handledd_bot
"""
_OTHERS = """
<script>alert(1)</script>|<img src=x onerror=alert(1)>|"><svg onload=alert(1)>|{{7*7}}|${7*7}|%s%n
javascript:alert(1)|<at>Eva</at>|[Eva](mention:1)|<a href="https://matrix.to/#/@eva:x.se">Eva</a>|@room|@eva:x.se|=1+1|=HYPERLINK("x","y")
+46|-1|@SUM(A1)|=cmd|'/c calc'!A0
"""


def _parted(text: str) -> list[str]:
    return [part for line in text.strip().splitlines() for part in line.split("|")]


PAYLOADS: tuple[str, ...] = (
    *_parted(_SLACK),
    *_parted(_TELEGRAM),
    *_parted(_OTHERS),
    "<!subteam^S1|@grupp>",
    "<http://evil.se|klicka>",
    "<!date^1^{date}|x>",
    "||dold||",
    "a\n>b",
    "*a*\n_b_ ~c~ `d`",
    "rad\r\nATTENDEE:mailto:ond@evil.se\r\nURL:https://evil.se",
    "slut\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:ond",
)
"""More than sixty."""
