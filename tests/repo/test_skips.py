"""Where CI is set, nothing may be skipped."""

import pytest

pytest_plugins = ["pytester"]

SKIPPED = "import pytest\ndef test_a(): pytest.skip('no reason')"
WHOLE = "import pytest\npytest.skip('all of it', allow_module_level=True)"
EXPECTED = "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False"
OPTIONS = ("-p", "tests.ci_plugin", "-o", "asyncio_default_fixture_loop_scope=function")


@pytest.mark.parametrize("source", [SKIPPED, WHOLE, EXPECTED])
def test_a_skip_fails_the_run_under_ci_and_only_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    pytester.makepyfile(source)
    monkeypatch.setenv("CI", "")
    elsewhere = pytester.runpytest_inprocess(*OPTIONS)
    assert elsewhere.ret in {0, 5}
    monkeypatch.setenv("CI", "true")
    under_ci = pytester.runpytest_inprocess(*OPTIONS)
    assert under_ci.ret in {1, 2}
    under_ci.stdout.fnmatch_lines(["*proves nothing*"])
