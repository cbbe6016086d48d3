"""What titles announce, and what they only seem to announce."""

import pytest

from connectors.cleaning.announcements import announced


@pytest.mark.parametrize(
    ("title", "status", "left"),
    [
        ("ABGESAGT: Sommerfest", "cancelled", "Sommerfest"),
        ("Abgesagt! Sommerfest", "cancelled", "Sommerfest"),
        ("+++ ABGESAGT +++ Sommerfest +++", "cancelled", "Sommerfest"),
        ("ABGESAGT Sommerfest im Park", "cancelled", "Sommerfest im Park"),
        ("[abgesagt] Sommerfest", "cancelled", "Sommerfest"),
        ("Sommerfest (abgesagt)", "cancelled", "Sommerfest"),
        ("Sommerfest (leider abgesagt!)", "cancelled", "Sommerfest"),
        ("Sommerfest – ABGESAGT", "cancelled", "Sommerfest"),
        ("Sommerfest ist abgesagt", "cancelled", "Sommerfest"),
        ("Abgesagt wegen Sturm: Waldlauf", "cancelled", "Waldlauf"),
        ("Waldlauf (abgesagt wegen Sturm)", "cancelled", "Waldlauf"),
        ("Entfällt Chorprobe", "cancelled", "Chorprobe"),
        ("Chorprobe entfällt", "cancelled", "Chorprobe"),
        ("Training fällt aus!", "cancelled", "Training"),
        ("Ausfall: Training", "cancelled", "Training"),
        ("❌ Abgesagt: Flohmarkt", "cancelled", "Flohmarkt"),
        ("Canceled: Board meeting", "cancelled", "Board meeting"),
        ("CANCELLED - Board meeting", "cancelled", "Board meeting"),
        ("Afgelast: buurtfeest", "cancelled", "buurtfeest"),
        ("Buurtfeest gaat niet door", "cancelled", "Buurtfeest"),
        ("Cancelado: Feira da terra", "cancelled", "Feira da terra"),
        ("Atšaukta: talka", "cancelled", "talka"),
        ("Talka neįvyks", "cancelled", "Talka"),
        ("Verschoben: Stammtisch", "postponed", "Stammtisch"),
        ("Verschoben auf 12. März: Stammtisch", "postponed", "Stammtisch"),
        ("Stammtisch wird verschoben", "postponed", "Stammtisch"),
        ("Uitgesteld: lezing", "postponed", "lezing"),
        ("Adiado: Caminhada", "postponed", "Caminhada"),
        ("Atidėta: talka", "postponed", "talka"),
        ("NEUER TERMIN: Stammtisch", "rescheduled", "Stammtisch"),
        ("Jetzt online: Vortrag", "moved_online", "Vortrag"),
        ("ABGESAGT: ABGESAGT: Sommerfest", "cancelled", "Sommerfest"),
        ("ABGESAGT: verschoben: Sommerfest", "cancelled", "Sommerfest"),
    ],
)
def test_title_that_announces_says_status_and_the_rest(title: str, status: str, left: str) -> None:
    assert announced(title) == (status, left)


@pytest.mark.parametrize("title", ["Abgesagt", "ABGESAGT!", "(verschoben)"])
def test_title_that_says_nothing_else_stays_whole(title: str) -> None:
    status, left = announced(title)
    assert status is not None
    assert left == title


@pytest.mark.parametrize(
    "title",
    [
        "Sommerfest",
        "Abgesagte Revolution",
        "Verschoben ist nicht aufgehoben",
        "Entfällt die Wärmewende?",
        "Training ist nicht abgesagt",
        "Cancelled culture",
        "Cancel Culture: Diskussion",
        "Online: Vortrag",
        "Online-Treffen",
        "Terminverschiebung besprechen",
        "Die verschobene Zeit",
        "ABGESAGT ALLES",
        "",
        "x" * 5_000 + " abgesagt",
    ],
)
def test_title_that_only_seems_to_announce_stays(title: str) -> None:
    assert announced(title) == (None, title)
