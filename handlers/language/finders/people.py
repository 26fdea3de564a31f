"""People: `med X`, `av dr X`, `@x`, `handledare X`. Only names are taken, the small words stay."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.finders import names_in_notes
from handlers.language.finders.handles import address_at, handle_at
from handlers.language.lexicon.phrases import AT, CODE, NUMBER, OWN_BITS, bits
from handlers.language.lexicon.plain_words import LEADS
from handlers.language.lexicon.tokens import Line
from handlers.language.lexicon.vocabulary import KEPT, Vocabulary

_LONGEST_NAME = 4  # words


def find_people(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """The people named, in order, in small letters without titles and @; their tokens are taken."""
    openings = line.where(openers(words))
    if not openings:
        return ()
    reader, end = _People(line, words), 0
    found: list[str] = []
    for index in openings:
        if index >= end and line.free(index):
            names, end = reader.named_at(index)
            found += names
    return tuple(dict.fromkeys(found))


_STEP = 5  # minutes: nobody counts more closely
_SURE = ("title", "supervisor")
_LOOSE = ("with", "by")
_ROLES = ("supervisor", "colleague", "with", "by", "title")


@lru_cache(KEPT)
def openers(words: Vocabulary) -> int:
    """What stands before a name that is read here: a mark or @."""
    return bits(*(words.marks[role] for role in _ROLES)) | AT


class _People:
    """Reads names over one line."""

    def __init__(self, line: Line, words: Vocabulary) -> None:
        self.line, self.words = line, words
        self._of_a_note = False
        letters = [token.raw for token in line.tokens if token.is_word and len(token.raw) > 1]
        # Capitals tell names only where not every word has one.
        self.capitals = any(raw[0].islower() for raw in letters)

    def named_at(self, index: int) -> tuple[list[str], int]:
        """The names after a handle sign or a marking word at `index`, and the index after them."""
        if self.line.words[index] == "@":
            return self._handle_at(index)
        whole = self.line.phrase(index, self.words.content)
        if whole and whole[1] > index + 1:
            return [], whole[1]  # `specialist meeting` names nobody
        start, how = self._marked(index)
        self._of_a_note = how in _LOOSE and names_in_notes.follows_a_note(self.line, self.words, index)
        names, end = self._names_from(start, how) if how else ([], index)
        for at in range(index, start if names else index):
            word = self.line.words[at]
            titled = self._mark("title", at) or self._mark("colleague", at)
            graded = names_in_notes.is_grade(self.line, self.words, at)
            unit = word == "m" and at > 0 and self._is_amount(at - 1)  # the `m` of `10-11 m Eva`
            role = word in self.words.marks["supervisor"] and word not in self.words.meanings
            if titled or graded or unit or (role and word not in self.words.filler):
                self.line.take(at, titled[1] if titled else at + 1, "people")
        return names, end

    def _handle_at(self, index: int) -> tuple[list[str], int]:
        """`@lind`, and `@Eva Ek` with the surname that stands behind it."""
        names, end = handle_at(self.line, index)
        first = index + 1
        if end != first + 1 or not names or not self.line.tokens[first].raw.istitle():
            return names, end
        if self._goes_on(first, end, "listed"):
            end = self._piece_end(end)
            self.line.take(first, end, "people")
        return [self.line.written(first, end).lower()], end

    def _marked(self, index: int) -> tuple[int, str]:
        """Past the marking words: how sure a name follows is "sure", "with", "by", or "" for not at all."""
        how, start = "", index
        for _ in range(3):
            found = self._role_at(start)
            if found is None:
                break
            abbreviated = self.line.words[start] in self.words.meanings  # `handl sepsis` is a session
            how = "sure" if how == "sure" or (found[0] in _SURE and not abbreviated) else found[0]
            start = found[1]
            while self.line.words[start] in (".", ":", "/", '"', "“", "”"):
                start += 1
            start += names_in_notes.is_grade(self.line, self.words, start)
        return start, how if self._is_with(index) else ""

    def _role_at(self, index: int) -> tuple[str, int] | None:
        for role in _ROLES:
            found = self._mark(role, index)
            if found:
                return role, found[1]
        return None

    def _mark(self, role: str, index: int) -> tuple[str, int] | None:
        return self.line.phrase(index, self.words.marks[role])

    def _is_with(self, index: int) -> bool:
        """`m` is `med` only where it is no unit: after a number only where that is of a day or a time."""
        word = self.line.words[index]
        if word not in ("m", "w", "min") or not (index and self.line.tokens[index - 1].is_number):
            return True
        return word == "m" and self._is_of_a_day(index - 1)

    def _is_amount(self, index: int) -> bool:
        """In digits or in words, or the unit of one: `60m m Anna`."""
        token = self.line.tokens[index]
        return token.is_number or token.word in self.words.table("numbers") or token.word == "m"

    def _is_of_a_day(self, index: int) -> bool:
        """Whether a number is a year or ends what is written with more: `1/10`, `v46`, `nov 12`, `c5`."""
        before = self.line.words[index - 1] if index else ""
        named = any(before in self.words.marks[role] for role in ("until", "week", "clock"))
        named = named or (before in self.words.marks["and"] and self.line.is_number(index - 2))
        day = before in self.words.table("months") and (self.line.number(index, 2) or 99) <= 31
        if named or day or len(self.line.tokens[index].raw) >= 4:
            return True
        if int(self.line.tokens[index].raw) % _STEP:
            return True  # `torsdag 13 m Anna`
        code = self.line.begins[index - 1] & CODE != 0
        return before != "" and self.line.glued(index) and (before in "/.:-" or code)

    def _names_from(self, start: int, how: str) -> tuple[list[str], int]:
        names: list[str] = []
        index = start
        while True:
            name, end = self._name_at(index, "listed" if names else how)
            if not name:
                return names, index if names else start
            names.append(name)
            joint = self._joint(end)
            if joint is None:
                return names, end
            index = joint

    def _joint(self, index: int) -> int | None:
        if self.line.words[index] in (",", "&", "+"):
            index += 1
            joined = self._mark("and", index)
            index = joined[1] if joined else index
        else:
            joined = self._mark("and", index)
            if joined is None:
                return None
            index = joined[1]
        title = self._mark("title", index)
        return title[1] if title else index

    def _name_at(self, index: int, how: str) -> tuple[str, int]:
        handle = index if self.line.words[index] == "@" else address_at(self.line, index)
        if handle:
            names, end = self._handle_at(handle)
            return (names[0], end) if names else ("", index)
        if not self._begins_name(index, how):
            return "", index
        end = self._piece_end(index)
        while end - index < 2 * _LONGEST_NAME and self._goes_on(index, end, how):
            end = self._piece_end(end)
        name = self.line.written(index, end).lower()
        if name[-1] == "s" and names_in_notes.is_of_another(self.line, self.words, name.split()[-1], end):
            return "", index
        self.line.take(index, end, "people")
        return " ".join(name.replace(".", " ").split()), end

    def _piece_end(self, index: int) -> int:
        """After one word of a name: `Anna-Karin` and `A.` are one."""
        end = index + 1
        while (
            self.line.words[end] == "-"
            and self.line.glued(end)
            and self.line.glued(end + 1)
            and self._capital(end + 1)
        ):
            end += 2
        if len(self.line.tokens[index].raw) > 1:
            return end
        if self.line.words[end] in ("'", "’") and self.line.glued(end + 1) and self._capital(end + 1):
            return end + 2  # `O'Connor`
        return end + 1 if self.line.words[end] == "." and self._capital(end + 1) else end

    def _is_initial(self, index: int) -> bool:
        """`A. Lind`: one capital letter, a full stop and a name."""
        raw = self.line.tokens[index].raw
        dotted = self.line.words[index + 1] == "." and self.line.glued(index + 1)
        return len(raw) == 1 and raw.isupper() and dotted and self._capital(index + 2)

    def _capital(self, index: int) -> bool:
        return self.line.free(index) and self.line.tokens[index].raw[0].isupper()

    def _begins_name(self, index: int, how: str) -> bool:
        if not self.line.free(index) or not self.line.tokens[index].is_word:
            return False
        low = self.line.tokens[index].raw.lower()
        if low in self.words.marks["name_joint"] and self._capital(index + 1):
            return True  # `von Essen`
        if self._is_initial(index):
            return True
        known_name = low in self.words.people["first_names"]
        if names_in_notes.is_no_person(self.words, low) or (self._begins_phrase(index) and not known_name):
            return False
        if self.capitals and self._is_name_like(index) and not self._is_abbreviation(index):
            thing = self._of_a_note and not names_in_notes.is_known_name(self.line, self.words, index)
            return not (thing or self._goal_code(index))
        return (known_name and not self._date_follows(index)) or self._lower_name(index, low, how)

    def _lower_name(self, index: int, low: str, how: str) -> bool:
        if self._is_surname(index):
            return True
        if low in self.words.filler or len(low) < 3 or low in self.words.ordinary:
            return False
        if self.line.begins[index] >> OWN_BITS:  # `handl förra tis`
            return False
        return how == "sure" or (how == "with" and self._stands_alone(index))

    def _begins_phrase(self, index: int) -> bool:
        """Whether a meaning begins here: the first word of `mini-cex` means nothing alone."""
        return self._means_something(index) or self.line.phrase(index, self.words.content) is not None

    def _stands_alone(self, index: int) -> bool:
        """Between things that are understood: `igår med lind 1h`, not `fall med hosta`."""
        before = next((at for at in range(index - 1, -1, -1) if not self._is_small(at)), -1)
        aged = before > 0 and names_in_notes.ends_an_age(self.line, self.words, before)
        return (
            before >= 0
            and not aged  # `kvinna 78 år med hosta`
            and self._is_known(before)
            and (index + 1 >= len(self.line.tokens) or self._is_known(index + 1))
        )

    def _is_small(self, index: int) -> bool:
        word = self.line.tokens[index].word
        return word in self.words.marks["with"] or word in ("tillsammans", "ihop", "together")

    def _is_known(self, index: int) -> bool:
        token = self.line.tokens[index]
        meant = self.words.meanings.get(token.word)
        command = meant is not None and meant.section == "commands"  # `par med barnlöshet`
        return not token.is_word or (self._means_something(index) and not command)

    def _means_something(self, index: int) -> bool:
        return names_in_notes.means_something(self.line, self.words, index)

    def _date_follows(self, index: int) -> bool:
        """`med 3 maj` is no name, nor is `i maj`; `med maj` is."""
        return index > 0 and self.line.tokens[index - 1].is_number

    def _is_name_like(self, index: int) -> bool:
        """A capital, but not that of `Handl Kl 7` or `Med Eva I Torsdags`."""
        begins = self.line.begins[index + 1]
        leads = self.line.tokens[index].raw.lower() in LEADS and (begins & NUMBER or begins >> OWN_BITS)
        return self._capital(index) and not leads

    def _is_surname(self, index: int) -> bool:
        low = self.line.tokens[index].raw.lower()
        if low in self.words.people["surnames"]:
            return True
        return (
            len(low) > 5
            and low.endswith(tuple(self.words.people["surname_ends"]))
            and not self._means_something(index)
        )

    def _is_abbreviation(self, index: int) -> bool:
        raw = self.line.tokens[index].raw
        hyphened = (
            self.line.words[index + 1] == "-" and self.line.glued(index + 2) and not self._capital(index + 2)
        )
        return (len(raw) > 1 and raw.isupper()) or hyphened

    def _goal_code(self, index: int) -> bool:
        return self.line.glued(index + 1) and self.line.tokens[index + 1].is_number

    def _goes_on(self, first: int, index: int, how: str) -> bool:
        if not self.line.free(index) or not self.line.tokens[index].is_word or self._goal_code(index):
            return False
        low = self.line.tokens[index].raw.lower()
        if low in self.words.marks["name_joint"] and self._capital(index + 1):
            return True
        if self._means_something(index) or low in self.words.people["not_people"]:
            return False
        if len(low) > 1 and low in self.words.filler and not self._is_surname(index):
            return False  # `Med Eva Ek Om Etik`
        if self.capitals and self._is_name_like(index):
            shouted = self.line.tokens[first].raw.isupper() and len(self.line.tokens[first].raw) > 1
            return not self._is_abbreviation(index) or len(low) == 1 or shouted
        return self._is_surname(index) and (
            how == "sure" or self.line.tokens[first].raw.lower() in self.words.people["first_names"]
        )
