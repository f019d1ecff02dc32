import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from rapport.config.tests.build import database_of, rapport


def refused(done: "subprocess.CompletedProcess[str]", *words: str, code: int = 2) -> None:
    """Assert that a command was refused in words, with nothing for programs and no traceback."""
    assert done.returncode == code, (done.returncode, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 0 < len(done.stderr) < 1000
    for word in words:
        assert word in done.stderr


def standing(home: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that reads, and writes its one line."""
    return rapport("standing", "--all", "--on", "2026-01-15", "--json", home=home, env=env)


class TestKeysOfAnotherHome:
    def test_stop_a_command_before_it_signs_anything(self, home: Path, other_home: Path) -> None:
        shutil.copy(other_home / "keys" / "trail-1.key", home / "keys" / "trail-1.key")

        refused(standing(home), "not those of this database", "Put back the keys")
        assert rapport("check", home=home).returncode == 1
        assert "Sound" not in rapport("audit", "verify", home=home).stderr

    def test_are_not_taken_by_bringing_the_home_up_to_date(
        self, home: Path, other_home: Path
    ) -> None:
        shutil.copy(other_home / "keys" / "trail-1.key", home / "keys" / "trail-1.key")

        refused(rapport("migrate", home=home), "not those of this database")

    @pytest.mark.parametrize("name", ["trail-1.key", "vault-1.key"])
    def test_one_that_is_gone_is_never_made_anew_for_a_home_in_use(
        self, home: Path, name: str
    ) -> None:
        (home / "keys" / name).unlink()

        refused(rapport("migrate", home=home), "Put back the keys of this home")
        assert not (home / "keys" / name).exists()

    def test_a_witness_of_another_home_is_said(self, home: Path, other_home: Path) -> None:
        shutil.copy(other_home / "witness" / "trail", home / "witness" / "trail")

        done = rapport("check", home=home)

        assert done.returncode == 1
        assert "of another home than the keys" in done.stdout

    def test_a_witness_that_is_gone_is_begun_anew_and_said(self, home: Path) -> None:
        (home / "witness" / "trail").unlink()

        done = rapport("migrate", home=home)

        assert done.returncode == 0
        assert "is gone, and a new one is begun" in done.stderr
        assert rapport("audit", "verify", home=home).returncode == 1


class TestWords:
    def test_an_unknown_command_is_refused_with_a_suggestion(self) -> None:
        refused(rapport("standin"), "no 'standin'", "Did you mean 'standing'?", "rapport --help")

    def test_a_wrong_option_is_refused_on_stderr(self, made_home: Path) -> None:
        refused(rapport("check", "--colour", home=made_home), "--colour", "rapport")

    def test_a_wrong_port_says_what_a_port_is(self, made_home: Path) -> None:
        refused(rapport("serve", "--port", "http", home=made_home), "http is no port", "65535")

    def test_what_is_not_there_is_said_and_is_nothing_unexpected(self, made_home: Path) -> None:
        asked = ("--officer", "142", "--school", "510000000001", "--on", "2026-01-15")

        done = rapport("standing", *asked, home=made_home)

        refused(done, "No school has the NCES id or uid", code=1)
        assert "unexpected" not in done.stderr

    def test_no_words_at_all_print_the_help_and_exit_2(self) -> None:
        done = rapport()

        assert done.returncode == 2
        assert "serve" in done.stdout

    def test_nothing_is_colored(self) -> None:
        done = rapport("--help", env={"NO_COLOR": "1"})

        assert "\x1b" not in done.stdout + done.stderr

    def test_the_version_is_said(self) -> None:
        assert rapport("--version").stdout.startswith("rapport ")


class TestAHome:
    def test_that_is_not_there_is_never_made_by_asking(self, tmp_path: Path) -> None:
        refused(standing(tmp_path / "none"), "is not a home yet", "rapport migrate --home")
        assert not (tmp_path / "none").exists()

    def test_that_is_a_file_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")

        refused(rapport("check", home=tmp_path / "file"), "is a file, not a home")

    def test_is_the_only_one_under_var(self, home: Path, tmp_path: Path) -> None:
        (tmp_path / "here" / "var").mkdir(parents=True)
        home.rename(tmp_path / "here" / "var" / "program")

        assert rapport("check", cwd=tmp_path / "here").returncode == 0

    def test_must_be_named_where_there_are_two(self, home: Path, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / "here" / "var" / name / "keys").mkdir(parents=True)

        refused(
            rapport("check", cwd=tmp_path / "here"), "several homes", "--home", "var/a", "var/b"
        )

    def test_must_be_named_where_there_is_none(self, tmp_path: Path) -> None:
        refused(rapport("check", cwd=tmp_path), "There is no home here", "--home DIR")

    def test_may_be_named_before_or_after_the_command(self, made_home: Path) -> None:
        assert rapport("check", "--home", str(made_home)).returncode == 0
        assert rapport("check", f"--home={made_home}").returncode == 0
        assert rapport("--home", str(made_home), "check").returncode == 0

    def test_is_kept_from_other_users_of_the_machine(self, made_home: Path) -> None:
        for path in (made_home, made_home / "keys", made_home / "rapport.sqlite3"):
            assert path.stat().st_mode & 0o077 == 0, path

    def test_made_twice_stays_as_it_is(self, home: Path) -> None:
        before = {p.name: p.read_bytes() for p in (home / "keys").iterdir()}

        done = rapport("migrate", home=home)

        assert done.returncode == 0
        assert "guards" not in done.stderr
        assert {p.name: p.read_bytes() for p in (home / "keys").iterdir()} == before

    def test_brought_up_to_date_says_which_guards_were_gone_and_puts_them_back(
        self, home: Path
    ) -> None:
        with database_of(home) as database:
            database.execute("DROP TRIGGER trail_no_delete")

        done = rapport("migrate", home=home)

        assert "1 guards" in done.stderr
        assert "trail_no_delete" in done.stderr
        assert rapport("check", home=home).returncode == 0


class TestASickDatabase:
    def test_that_is_missing_is_said_and_not_made(self, home: Path) -> None:
        (home / "rapport.sqlite3").unlink()

        refused(rapport("check", home=home), "There is no database", "rapport migrate")
        assert not (home / "rapport.sqlite3").exists()

    def test_that_is_no_database_is_said(self, home: Path) -> None:
        (home / "rapport.sqlite3").write_bytes(b"this is no database" * 400)

        refused(rapport("check", home=home), "not a database", "Put back the last copy")

    def test_that_is_empty_is_said_to_be_behind(self, home: Path) -> None:
        (home / "rapport.sqlite3").write_bytes(b"")

        refused(rapport("check", home=home), "behind this program, or empty", "rapport migrate")

    def test_that_is_cut_in_half_is_said(self, home: Path) -> None:
        path = home / "rapport.sqlite3"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

        refused(rapport("check", home=home), "damaged", "Put back the last copy")

    def test_that_cannot_be_written_is_said(self, home: Path, small_disk: Path) -> None:
        shutil.copytree(home, small_disk / "home")
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

        refused(standing(small_disk / "home"), "could not be used", "right to write")

    def test_on_a_full_disk_is_said_and_nothing_is_half_written(
        self, home: Path, small_disk: Path
    ) -> None:
        full = small_disk / "home"
        shutil.copytree(home, full)
        (small_disk / "filler").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 8192))

        done = standing(full)
        (small_disk / "filler").unlink()

        refused(done, "disk is full", "Make room")
        assert rapport("check", home=full).returncode == 0
        assert standing(full).returncode == 0

    def test_that_is_locked_is_said(self, home: Path) -> None:
        with database_of(home) as database:
            database.execute("BEGIN EXCLUSIVE")

            done = standing(home, RAPPORT_DATABASE_WAIT="1")

        refused(done, "locked", "Wait a moment and try again")

    def test_on_a_server_that_does_not_answer_is_said(self, made_home: Path) -> None:
        url = "postgresql://nobody:secret@127.0.0.1:1/none"

        done = rapport("check", home=made_home, env={"DATABASE_URL": url})

        refused(done, "Its server does not answer", "DATABASE_URL")
        assert "secret" not in done.stderr


class TestCheck:
    def test_of_a_new_home_holds_and_says_what_was_looked_at(self, made_home: Path) -> None:
        done = rapport("check", "--json", home=made_home)

        found = json.loads(done.stdout)
        assert done.returncode == 0
        assert {"database", "guards", "keys", "witness", "tables", "settings"} <= set(found)
        assert set(found.values()) == {None}

    def test_names_a_guard_that_was_dropped(self, home: Path) -> None:
        with database_of(home) as database:
            database.execute("DROP TRIGGER trail_no_delete")

        done = rapport("check", home=home)

        assert done.returncode == 1
        assert "trail_no_delete" in done.stdout

    def test_holds_what_is_asked_of_https_once_it_is_promised(self, made_home: Path) -> None:
        done = rapport("check", home=made_home, env={"RAPPORT_HTTPS": "true"})

        assert "security.W012" not in done.stdout  # cookies go over https alone
        assert "security.W004" not in done.stdout  # strict transport security is on

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("RAPPORT_HTTPS", "ture"),
            ("RAPPORT_MAX_BODY", "lots"),
            ("DATABASE_URL", "mysql://host/name"),
            ("DATABASE_URL", "postgresql://host:port/name"),
            ("DATABASE_URL", "postgresql://host"),
        ],
    )
    def test_refuses_a_setting_that_cannot_be_read(
        self, made_home: Path, name: str, value: str
    ) -> None:
        refused(rapport("check", home=made_home, env={name: value}), name)

    def test_tells_of_a_key_that_is_damaged(self, home: Path) -> None:
        (home / "keys" / "trail-1.key").write_bytes(os.urandom(8))

        done = rapport("check", home=home)

        assert done.returncode == 1
        assert "trail key" in done.stdout

    def test_tells_of_a_vault_key_that_does_not_open_what_is_sealed_here(self, home: Path) -> None:
        (home / "keys" / "vault-1.key").unlink()

        done = rapport("check", home=home)

        assert done.returncode == 1
        assert "vault: There is no vault key" in done.stdout

    def test_tells_of_a_key_that_others_can_read(self, home: Path) -> None:
        (home / "keys" / "session.key").chmod(0o644)

        done = rapport("check", home=home)

        assert done.returncode == 1
        assert "chmod 600" in done.stdout

    def test_tells_of_a_session_key_that_is_damaged(self, home: Path) -> None:
        (home / "keys" / "session.key").write_bytes(b"\xe8" * 8)

        refused(rapport("audit", "verify", home=home), "session key")

    def test_says_that_without_a_witness_nothing_can_be_checked(self, home: Path) -> None:
        for path in (home / "witness").iterdir():
            path.unlink()

        done = rapport("audit", "verify", home=home)

        assert done.returncode == 2
        assert "witness" in done.stderr

    def test_says_that_without_the_heads_it_was_to_look_at_nothing_can_be_checked(
        self, home: Path, tmp_path: Path
    ) -> None:
        for path in (tmp_path / "none", tmp_path):
            done = rapport("audit", "verify", "--against", str(path), home=home)

            refused(done, "heads", str(path))


class TestTheClock:
    def test_that_stepped_back_behind_the_trail_stops_a_command(self, home: Path) -> None:
        with database_of(home) as database:
            for name in ("trail_follows", "trail_no_update", "trail_no_delete"):
                database.execute(f"DROP TRIGGER {name}")
            database.execute(
                "UPDATE trail SET at = '2999-01-01 00:00:00' WHERE id = (SELECT max(id) FROM trail)"
            )
            assert database.total_changes

        done = rapport("facts", "--all", "--json", home=home)
        taken_as_known = rapport("check", home=home, env={"RAPPORT_CLOCK_WAS_AHEAD": "true"})

        refused(done, "clock stepped back", "Set the clock right")
        assert "clock" not in taken_as_known.stdout


def every_command() -> list[tuple[str, ...]]:
    import django

    django.setup()
    from rapport.config import commands, serving  # noqa: F401
    from rapport.foundation import registry

    return [command.words for command in registry.commands]


def test_every_command_and_group_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rapport.config.command import _parser

    for words in every_command():
        for asked in (words, words[:1]):
            with pytest.raises(SystemExit) as left:
                _parser().parse_args([*asked, "--help"])

            assert left.value.code == 0
            assert "Example: rapport " in " ".join(capsys.readouterr().out.split()), words
