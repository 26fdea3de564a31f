"""What is said to a bot as to a person: a farewell, a sigh, `är du en robot?`. Nothing is saved of it."""

from __future__ import annotations

from typing import Final

from handlers.language.normalise import clean

NO: Final = "kept.nothing"
_SAID: Final = {
    NO: ("nej", "nä", "nej tack", "no", "nope", "no thanks", "no thank you"),
    "unknown.yes": (
        "ja", "ja tack", "japp", "yes", "yes please", "det blev av", "ja det blev av", "blev av", "vi sågs",
        "ja vi sågs", "vi hade den", "vi hade det", "det blev inte av", "nej det blev inte av",
        "blev inte av", "vi sågs inte", "nej vi sågs inte", "it happened", "yes it did", "yes we did",
        "no it didn't", "it didn't happen", "we didn't meet", "no we didn't",
    ),
    "unknown.thanks": ("det var allt", "toppenbra", "suveränt", "nu är allt bra", "that's all"),
    "talk.bye": (
        "trevlig helg", "trevlig kväll", "trevlig semester", "trevlig sommar", "glad sommar", "ha en bra dag",
        "ha en bra helg", "ha en fin dag", "ha en fin helg", "ha det bra", "ha det så bra", "ha det fint",
        "god jul", "gott nytt år", "god fortsättning", "glad påsk", "glad midsommar", "hejdå", "hej då",
        "adjö", "vi hörs", "godnatt", "god natt", "detsamma", "tack detsamma", "have a nice day",
        "have a good day", "have a good one", "have a nice weekend", "have a great weekend",
        "merry christmas", "happy new year", "bye", "bye bye", "goodbye", "good night", "you too", "see you",
    ),
    "talk.praise": (
        "du är bäst", "du är toppen", "du är bra", "du är grym", "bra jobbat", "bra gjort", "snyggt", "grymt",
        "bra bot", "vad duktig du är", "great", "awesome", "good job", "well done", "good bot",
        "you're the best", "you are the best", "you are great", "love it",
    ),
    "talk.ack": (
        "uppfattat", "noterat", "fixar", "fixar det", "jag fixar det", "ska göra det", "jag ska göra det",
        "ska bli", "jepp", "mm", "mhm", "klart slut", "bra påminnelse", "bra att du påminner", "just det",
        "will do", "noted", "roger", "on it", "got it", "fair enough", "good reminder",
    ),
    "talk.bot": (
        "är du en bot", "är du en robot", "är du en människa", "är du människa", "är du ai", "är du en ai",
        "är du på riktigt", "är du riktig", "vem har gjort dig", "vem har byggt dig", "vem ligger bakom dig",
        "pratar jag med en människa", "pratar jag med en bot", "are you a bot", "are you a robot",
        "are you human", "are you an ai", "are you real", "who made you", "who built you",
        "am i talking to a human",
    ),
    "talk.heavy": (
        "jag är trött", "jag är så trött", "trött", "jag orkar inte", "jag orkar inte mer", "orkar inte",
        "orkar inte mer",
        "jag mår dåligt", "jag mår inte bra", "mår dåligt", "mår inte bra", "jag är stressad", "stressad",
        "jag är slut", "helt slut", "jag är ledsen", "jag är utbränd", "det är tungt", "det är för mycket",
        "det är jobbigt", "jag har det tufft", "det var en tung jour", "tung jour", "jag hinner inte",
        "i am tired", "i'm tired", "i'm exhausted", "i am exhausted", "i'm stressed", "i am stressed",
        "i can't take it", "i feel bad", "i'm burnt out", "i'm not ok", "i am not ok", "it's too much",
    ),
    "talk.sorry": (
        "du är dum", "dumma bot", "dålig bot", "värdelös", "idiot", "fan", "jävla bot", "sluta", "stopp",
        "du är tjatig", "tjatigt", "du tjatar", "du stör", "det funkar ju inte", "funkar inte", "funkar ej",
        "suck", "stop", "you are stupid", "bad bot", "useless", "this is useless", "this is annoying",
        "you are annoying", "annoying", "shut up", "wtf", "damn",
    ),
    "talk.wait": (
        "vänta", "vänta lite", "inte nu", "senare", "sen", "strax", "snart", "en annan gång", "kommer",
        "wait", "hang on", "not now", "later", "one moment", "in a minute",
    ),
}  # fmt: skip
_TEXTS: Final = {line: key for key, lines in _SAID.items() for line in lines}


def answer_to(text: str, *, in_training: bool = True) -> str | None:
    """The key of the answer to a line that is nothing else; None where it is no small talk."""
    key = _TEXTS.get(" ".join(clean(text).strip(" .!?,…:)(").casefold().split()))
    return "talk.heavy_other" if key == "talk.heavy" and not in_training else key
