"""People: `med X`, `av dr X`, `@x`, `handledare X`. Only names are taken, the small words stay."""

from __future__ import annotations

from functools import lru_cache

from handlers.language.phrases import AT, STEM, bits
from handlers.language.tokens import Line
from handlers.language.vocabulary import KEPT, Vocabulary

_IN_A_HANDLE = "._-"
# Small words between a command and a name: `visa mig status för Anna`.
_NOT_NAMES = frozenset({
    "för", "om", "paret", "till", "mig", "status", "historik", "läget", "hur", "går", "det", "ligger",
    "about", "for", "me",
})  # fmt: skip
_OF_SOMEBODY = frozenset({"status", "historik", "läget"})
_LONGEST_NAME = 4  # words


def find_people(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """The people named, in order, in small letters without titles and @; their tokens are taken."""
    openings = line.where(_openers(words))
    if not openings:
        return ()
    reader, end = _People(line, words), 0
    found: list[str] = []
    for index in openings:
        if index >= end and line.free(index):
            names, end = reader.named_at(index)
            found += names
    return tuple(dict.fromkeys(found))


_ROLES = ("supervisor", "colleague", "with", "by", "title")


@lru_cache(KEPT)
def _openers(words: Vocabulary) -> int:
    """What stands before a name that is read here: a mark or @."""
    return bits(*(words.marks[role] for role in _ROLES)) | AT


def names_in(line: Line, words: Vocabulary, start: int) -> tuple[str, ...]:
    """The people a command is about (`visa anna berg`): the free words from `start`, parted at `och`."""
    names: list[list[str]] = [[]]
    for index in range(start, len(line.tokens)):
        token = line.tokens[index]
        if names[-1] and token.word in ("om", "about", "att", "to"):
            break  # what a person is to be reminded of
        if names[-1] and token.word in _OF_SOMEBODY:
            names[-1][-1] = names[-1][-1].removesuffix("s")  # `Anna Bergs status`
        if token.word in ("och", "and", "&", ","):
            names.append([])
        elif token.raw not in '@.?!"' and not _is_title(words, token.word) and line.free(index):
            names[-1].append(token.raw.lower())
    return tuple(dict.fromkeys(" ".join(name) for name in names if name and not _is_all(words, name)))


def name_alone(line: Line, words: Vocabulary) -> tuple[str, ...]:
    """The one name that stands among what was understood: `handledning Anna Berg idag`. Taken.

    Only a known first name with a capital, where not every word has one; what follows it is a surname.
    """
    stretches = [index for index in range(len(line.tokens)) if line.free(index) and not line.free(index - 1)]
    if not stretches or not any(token.is_word and token.raw[0].islower() for token in line.tokens):
        return ()
    for start in stretches:
        end = start
        while line.free(end) and line.tokens[end].is_word and line.tokens[end].raw.istitle():
            end += 1
        names = [token.raw for token in line.tokens[start:end]]
        known = (
            bool(names) and names[0].lower() in words.people["first_names"] and len(names) <= _LONGEST_NAME
        )
        if known and not line.free(end):
            line.take(start, end, "people")
            return (" ".join(names).lower(),)
    return ()


def _is_all(words: Vocabulary, name: list[str]) -> bool:
    """`påminn alla` names nobody."""
    return name[0] in words.people["not_people"] and name[0] not in words.people["first_names"]


def _is_title(words: Vocabulary, word: str) -> bool:
    return word in words.marks["title"] or word in _NOT_NAMES


class _People:
    """Reads names over one line."""

    def __init__(self, line: Line, words: Vocabulary) -> None:
        self.line, self.words = line, words
        letters = [token.raw for token in line.tokens if token.is_word and len(token.raw) > 1]
        # Capitals tell names only where not every word has one.
        self.capitals = any(raw[0].islower() for raw in letters)

    def named_at(self, index: int) -> tuple[list[str], int]:
        """The names after a handle sign or a marking word at `index`, and the index after them."""
        if self.line.word(index) == "@":
            return self._handle_at(index)
        whole = self.line.phrase(index, self.words.content)
        if whole and whole[1] > index + 1:
            return [], whole[1]  # `specialist meeting` names nobody
        start, how = self._marked(index)
        names, end = self._names_from(start, how) if how else ([], index)
        for at in range(index, start if names else index):
            word = self.line.word(at)
            titled = any(word in self.words.marks[role] for role in ("title", "colleague"))
            role = word in self.words.marks["supervisor"] and word not in self.words.meanings
            if titled or (role and word not in self.words.filler):
                self.line.take(at, at + 1, "people")
        return names, end

    def _marked(self, index: int) -> tuple[int, str]:
        """Past the marking words: how sure a name follows is "sure", "with", "by", or "" for not at all."""
        how, start = "", index
        for _ in range(3):
            found = self._role_at(start)
            if found is None:
                break
            how = "sure" if found[0] in ("title", "supervisor") or how == "sure" else found[0]
            start = found[1]
            while self.line.word(start) in (".", ":", "/"):
                start += 1
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
        """`m` is `med` only where it is no unit: not after a number."""
        return self.line.word(index) not in ("m", "w", "min") or not (
            index and self.line.tokens[index - 1].is_number
        )

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
        if self.line.word(index) in (",", "&", "+"):
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
        if self.line.word(index) == "@":
            names, end = self._handle_at(index)
            return (names[0], end) if names else ("", index)
        address = self._address_at(index)
        if address:
            names, end = self._handle_at(address)
            return (names[0], end) if names else ("", index)
        if not self._begins_name(index, how):
            return "", index
        end = self._piece_end(index)
        while end - index < 2 * _LONGEST_NAME and self._goes_on(index, end, how):
            end = self._piece_end(end)
        name = self.line.text[self.line.tokens[index].start : self.line.tokens[end - 1].end].lower()
        self.line.take(index, end, "people")
        return " ".join(name.replace(".", " ").split()), end

    def _piece_end(self, index: int) -> int:
        """After one word of a name: `Anna-Karin` and `A.` are one."""
        end = index + 1
        while (
            self.line.word(end) == "-"
            and self.line.glued(end)
            and self.line.glued(end + 1)
            and self._capital(end + 1)
        ):
            end += 2
        if len(self.line.tokens[index].raw) > 1:
            return end
        irish = self.line.word(end) in ("'", "’") and self.line.glued(end + 1) and self._capital(end + 1)
        if irish:  # `O'Connor`
            return end + 2
        return end + 1 if self.line.word(end) == "." and self._capital(end + 1) else end

    def _capital(self, index: int) -> bool:
        return self.line.free(index) and self.line.tokens[index].raw[0].isupper()

    def _begins_name(self, index: int, how: str) -> bool:
        if not self.line.free(index) or not self.line.tokens[index].is_word:
            return False
        low = self.line.tokens[index].raw.lower()
        if low in self.words.marks["name_joint"] and self._capital(index + 1):
            return True  # `von Essen`
        known_name = low in self.words.people["first_names"]
        if self._is_no_person(low) or (self._begins_phrase(index) and not known_name):
            return False
        if self.capitals and self._capital(index) and not self._is_abbreviation(index):
            return not self._goal_code(index)
        return (known_name and not self._date_follows(index)) or self._lower_name(index, low, how)

    def _lower_name(self, index: int, low: str, how: str) -> bool:
        if self._is_surname(index):
            return True
        if low in self.words.filler or len(low) < 3 or low in self.words.ordinary:
            return False
        return how == "sure" or (how == "with" and self._stands_alone(index))

    def _is_no_person(self, low: str) -> bool:
        """Patients, staff and things: by the word itself, by how it begins or by how it ends."""
        people = self.words.people
        if low in people["not_people"] or low.startswith(tuple(people["not_people_begin"])):
            return True
        return low.endswith(tuple(people["not_people_end"])) and low not in people["surnames"]

    def _begins_phrase(self, index: int) -> bool:
        """Whether a meaning begins here: the first word of `mini-cex` means nothing alone."""
        return self._means_something(index) or self.line.phrase(index, self.words.content) is not None

    def _stands_alone(self, index: int) -> bool:
        """Between things that are understood: `igår med lind 1h`, not `fall med hosta`."""
        before = next((at for at in range(index - 1, -1, -1) if not self._is_small(at)), -1)
        aged = before > 0 and self.words.table("units").entries.get(self.line.tokens[before].word) == "year"
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
        token = self.line.tokens[index]
        unit = token.word in self.words.table("units") and index > 0 and self.line.tokens[index - 1].is_number
        return unit or token.begins & STEM != 0 or token.word in self.words.meanings

    def _date_follows(self, index: int) -> bool:
        """`med 3 maj` is no name, nor is `i maj`; `med maj` is."""
        return index > 0 and self.line.tokens[index - 1].is_number

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
            self.line.word(index + 1) == "-" and self.line.glued(index + 2) and not self._capital(index + 2)
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
        if self.capitals and self._capital(index):
            shouted = self.line.tokens[first].raw.isupper() and len(self.line.tokens[first].raw) > 1
            return not self._is_abbreviation(index) or len(low) == 1 or shouted
        return self._is_surname(index) and (
            how == "sure" or self.line.tokens[first].raw.lower() in self.words.people["first_names"]
        )

    def _handle_at(self, index: int) -> tuple[list[str], int]:
        """`@lind`, `@anna.berg`, `@"anna berg"`, `anna@region.se`."""
        line = self.line
        if line.word(index + 1) == '"':
            return self._quoted_at(index)
        start = index
        while line.glued(start) and start and self._in_handle(start - 1):
            start -= 1
        end = index + 1
        while line.glued(end) and (self._in_handle(end) or (line.word(end) == ":" and end > index + 1)):
            end += 1
        while end > index + 1 and not (line.tokens[end - 1].is_word or line.tokens[end - 1].is_number):
            end -= 1
        if end == index + 1:
            return [], index + 1
        begin = line.tokens[start if start < index else index + 1].start
        line.take(start, end, "people")
        return [line.text[begin : line.tokens[end - 1].end].lower()], end

    def _address_at(self, index: int) -> int:
        """Where the @ of an e-mail address that begins at `index` stands, or 0."""
        at = index
        while at < len(self.line.tokens) and self._in_handle(at) and (at == index or self.line.glued(at)):
            at += 1
        return at if at > index and self.line.word(at) == "@" and self.line.glued(at) else 0

    def _in_handle(self, index: int) -> bool:
        token = self.line.tokens[index]
        return self.line.free(index) and (token.is_word or token.is_number or token.raw in _IN_A_HANDLE)

    def _quoted_at(self, index: int) -> tuple[list[str], int]:
        close = next(
            (at for at in range(index + 2, len(self.line.tokens)) if self.line.word(at) == '"'), None
        )
        if close is None or close == index + 2:
            return [], index + 2
        name = self.line.text[self.line.tokens[index + 2].start : self.line.tokens[close - 1].end]
        self.line.take(index, close + 1, "people")
        return [name.lower()], close + 1
