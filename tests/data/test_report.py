import json

from genre_core.data.report import N_EXAMPLES, ReadReport, printable


def test_what_is_used_is_what_was_read_and_not_left_out():
    report = ReadReport()
    report.rows.read = 10
    for number in range(3):
        report.rows.leave_out("no poster", f"tt{number}")
    report.rows.leave_out("duplicate id", "tt9")
    assert report.rows.used == 6
    assert report.as_dict()["rows"] == {
        "read": 10,
        "used": 6,
        "left_out": {"no poster": 3, "duplicate id": 1},
        "examples": {"no poster": ["tt0", "tt1", "tt2"], "duplicate id": ["tt9"]},
    }


def test_reasons_come_most_frequent_first_and_with_few_examples():
    report = ReadReport()
    report.posters.read = 20
    for number in range(9):
        report.posters.leave_out("rare" if number < 2 else "frequent", str(number))
    shown = report.as_dict()["posters"]
    assert list(shown["left_out"]) == ["frequent", "rare"]
    assert len(shown["examples"]["frequent"]) == N_EXAMPLES


def test_only_notes_that_count_something_are_shown():
    report = ReadReport(notes={"nothing": 0, "something": 2})
    assert report.as_dict()["notes"] == {"something": 2}


def test_the_report_is_plain_data():
    report = ReadReport()
    report.rows.read = 1
    report.rows.leave_out("unusable id", "\x1b[31m\udcff\nA" + "x" * 200)
    shown = report.as_dict()["rows"]["examples"]["unusable id"][0]
    assert shown.startswith("�[31m��A")
    assert len(shown) == 80
    json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_printable_leaves_text_as_it_is():
    assert printable("Amélie: Le Fabuleux Destin") == "Amélie: Le Fabuleux Destin"
