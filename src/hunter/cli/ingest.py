"""`hunter ingest FILE`: takes a list of companies, CSV or workbook, into the database; nothing is scanned.

In: the command's options. Out: a report on standard output, bad rows by their number on standard error.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE
from hunter.cli.serving import ready_servers
from hunter.cli.terminal import printable
from hunter.cli.views import print_lines
from hunter.core.rulebook import Rulebook
from hunter.documents.errors import UnreadableFile
from hunter.documents.limits import MEBIBYTE, FileLimits
from hunter.documents.read_file import TableFile, open_table
from hunter.rules.load import load_rulebook
from hunter.sales.wording import Wording
from hunter.services.lists.columns import NoDomainColumn
from hunter.services.lists.intake import (
    EmptyList,
    FileIngest,
    IngestOptions,
    IngestReport,
    check_file,
    ingest_file,
)
from hunter.services.lists.keeping import CandidateStore
from hunter.services.lists.words import file_problem_text, no_domain_column_text, row_error_texts
from hunter.settings.fields import Settings
from hunter.wiring.application import open_write_engine, unit_of
from hunter.wiring.process import LANGUAGES, load_catalogue, settings_of_this_process


def build_parser() -> argparse.ArgumentParser:
    """Describe the options."""
    parser = argparse.ArgumentParser(
        prog="hunter ingest",
        description="Take a list of companies (.csv, .xlsx, .xls, .ods) into the database. Nothing is scanned.",
        epilog="Exit code: 0 every row was taken, 1 some were not (each is named on standard error), 2 usage or file.",
        allow_abbrev=False,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the list")
    parser.add_argument("--dry-run", action="store_true", help="read it to the end and keep nothing")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")
    parser.add_argument(
        "--fixed-columns",
        action="store_true",
        help="columns must be called domain, company_name, email, website; else they are found",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of sentences (HUNTER_LANGUAGE, else tr)")
    return parser


def run(options: argparse.Namespace) -> int:
    """Take the list; returns the exit code."""
    settings, rulebook = settings_of_this_process(), load_rulebook()
    wording = Wording(load_catalogue(options.lang or settings.language), rulebook.signatures)
    try:
        report = _read(options, settings, rulebook, say=lambda table: _say_sheets(table, wording))
    except UnreadableFile as error:
        return _refuse(file_problem_text(error.problem, error.facts, wording), options.file)
    except NoDomainColumn as error:
        return _refuse(no_domain_column_text(error, wording), options.file)
    except EmptyList:
        return _refuse(file_problem_text("empty", {}, wording), options.file)
    print_lines(sys.stderr, map(printable, row_error_texts(report, wording)))
    if options.json:
        print_lines(sys.stdout, [json.dumps(as_json(report, is_kept=not options.dry_run), ensure_ascii=False)])
    else:
        values = {"accepted": report.accepted, "rows": report.total_rows, "repeated": report.repeated}
        key = "ingest.checked" if options.dry_run else "ingest.kept"
        print_lines(sys.stdout, [wording.say(key, values), wording.say("ingest.refused", {"refused": report.refused})])
    return FAILED if report.refused else SUCCESS


def as_json(report: IngestReport, *, is_kept: bool) -> dict[str, object]:
    """Return the report for programs."""
    return {
        "kept": is_kept,
        "total_rows": report.total_rows,
        "accepted": report.accepted,
        "repeated": report.repeated,
        "conflicts": report.conflicts,
        "refused": report.refused,
        "refused_by_reason": dict(report.refused_by_reason),
        "errors": [{"row": one.row, "code": one.code, "text": one.text} for one in report.errors],
    }


def _read(
    options: argparse.Namespace, settings: Settings, rulebook: Rulebook, *, say: Callable[[TableFile], None]
) -> IngestReport:
    limits = FileLimits(
        file_bytes=settings.upload_max_mb * MEBIBYTE,
        csv_rows=settings.upload_max_rows,
        workbook_rows=settings.upload_max_workbook_rows,
    )
    how = IngestOptions(auto_detect_columns=not options.fixed_columns)

    def read(take: Callable[[FileIngest], IngestReport]) -> IngestReport:
        with open_table(options.file, limits=limits) as table:
            ingest = FileIngest(table.rows, rulebook, how)
            say(table)
            return take(ingest)

    if options.dry_run:
        return read(check_file)
    # A file that cannot be read is refused before a server is started for it.
    with open_table(options.file, limits=limits) as table:
        FileIngest(table.rows, rulebook, how)
    with ready_servers(settings) as servers:
        return read(lambda ingest: asyncio.run(_keep(settings, servers.database_url, ingest)))


async def _keep(settings: Settings, url: str, ingest: FileIngest) -> IngestReport:
    engine = open_write_engine(settings, url)
    try:
        return await ingest_file(ingest, CandidateStore(unit_of(engine, settings)))
    finally:
        await engine.dispose()


def _say_sheets(table: TableFile, wording: Wording) -> None:
    """Name the sheet that is read where there are others behind it: what is left out must be seen."""
    if table.other_sheets:
        values: dict[str, str | int] = {"sheet": table.sheet, "others": table.other_sheets}
        print_lines(sys.stderr, [printable(wording.say("ingest.other_sheets", values))])


def _refuse(sentence: str, file: Path) -> int:
    print_lines(sys.stderr, [printable(f"{file}: {sentence}")])
    return USAGE
