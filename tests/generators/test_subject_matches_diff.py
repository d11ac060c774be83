"""A commit is told by its subject only where the subject says what the diff shows."""

import pytest

from autodidact.generators.diff_miner.subject_matches_diff import subject_fits
from autodidact.sources.git.commits_with_diffs import Commit, FileDiff
from tests.sandbox import NOON

ENV = "@@ -1 +1 @@\n-      - USE_AZURE_OPENAI=true\n+      - USE_AZURE_OPENAI=True\n"
POLICY = (
    "@@ -1,2 +1,2 @@ func provision() {\n-\t// trusted_ca_certs is deprecated\n"
    "-\tif len(clientauth.TrustedCACerts) > 0 {\n+\tif len(clientauth.TrustedCACerts) > 0 || clientauth.ca != nil {\n"
)
COMMENT = "@@ -1 +1 @@\n-# trusted_ca_certs is deprecated\n+# use trust_pool\n"
WORKFLOW = "@@ -0,0 +1,3 @@\n+name: AI Moderator\n+permissions: read-all\n+on: issues\n"
ADDRESS = """@@ -1 +1 @@\n-TEST=$(echo "$HOST" | egrep '^http://[a-z]+')\n+TEST=$(echo "$HOST" | egrep '^http://[a-z0-9]+')\n"""
ANNOTATED = "@@ -1 +1 @@\n-def size(self, unit):\n+def size(self, unit: str) -> int:\n"
LANGUAGES = "@@ -1,2 +1,2 @@\n-    language: ts\n-    language: python\n+    language: docker\n+    language: docker\n"


def commit(path: str, patch: str, status: str = "M") -> Commit:
    before = None if status == "A" else "1" * 40
    return Commit("0" * 40, NOON, NOON, "", "", [], [FileDiff(path, path, status, before, "2" * 40, patch)])


@pytest.mark.parametrize(
    ("subject", "path", "patch", "status", "fits"),
    [
        # Hardly any word of the subject is in the diff.
        ("Make useazureopenai parameter case insensitive", "compose.yml", ENV, "M", False),
        ("Write the value of USE_AZURE_OPENAI in capitals", "compose.yml", ENV, "M", True),
        # Code behind a subject about documentation.
        ("Remove docs of deprecated trusted certs", "caddytls/policy.go", POLICY, "M", False),
        ("Remove docs of deprecated trusted certs", "caddytls/policy.go", COMMENT, "M", True),
        # A whole file behind a subject about one line of it.
        ("Restrict read permissions as default", ".github/ai.yml", WORKFLOW, "A", False),
        ("Add a moderator for issues", ".github/ai.yml", WORKFLOW, "A", True),
        # Nothing new behind a subject that something was added.
        ("Add check for IP address", "load-gen/run.sh", ADDRESS, "M", False),
        ("Allow an IP address", "load-gen/run.sh", ADDRESS, "M", True),
        ("Add types to size", "shop/units.py", ANNOTATED, "M", True),
        # Something else than A became B as well.
        ("Update service languages from ts to docker", "azure.yaml", LANGUAGES, "M", False),
        ("Update service languages to docker", "azure.yaml", LANGUAGES, "M", True),
    ],
)
def test_a_subject_says_what_the_diff_shows(subject, path, patch, status, fits):
    assert subject_fits(subject, commit(path, patch, status)) is fits
