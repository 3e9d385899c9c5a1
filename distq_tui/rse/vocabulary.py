"""The token classes counted by the stylometric profile: function words, punctuation, and kinds of other tokens.

Function words are counted because writers do not choose them by topic (Mosteller & Wallace 1964; Burrows 2002,
"Delta"). The lists are the commonest closed-class words of each language, and the words that chat models open and link
sentences with. Adding or moving an entry changes every profile: raise `features.VERSION` and re-estimate the constants.
"""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = (
    "the of and to a in that is was for it with as his on be at by i this had not are but from or have an they which "
    "one you were her all she there would their we him been has when who will more no if out so said what up its "
    "about into than them can only other new some could time these two may then do first any my now such like our "
    "over man me even most made after also did many before must through it's i'm i'd i've don't you're you'd here "
    "here's however additionally overall please sure certainly while because between where should each both how very "
    "just well your his us those being does during might within without another often therefore furthermore instead "
    "although since whether let let's there's that's can't isn't important include including ensure help remember "
    "sorry hope based yes "
)

_CHINESE: Final = "的是了在我你他她它们这那有和与及也都就不没很会能可以要对为从到把被让但而或因所如果其您吗呢吧啊"
_JAPANESE: Final = "のはがをにへとでもやかねよなだですますしていたれるこそあどうらりきくけさまん"
_SIGNS: Final = ".,;:!?()[]{}\"'`*#_-–—/\\&%$€+=<>|@~^…•’‘“”。，、；：！？（）「」『』《》"

CLASSES: Final[tuple[str, ...]] = (
    *("<word>", "<number>", "<sign>", "<paragraph>", "\n"),
    *dict.fromkeys([*_ENGLISH.split(), *_CHINESE, *_JAPANESE, *_SIGNS]),
)
"""Class names by index: the token itself, or a kind in angle brackets for all tokens that are not listed."""
