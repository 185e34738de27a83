# SPDX-License-Identifier: Apache-2.0
"""A dry run of an import goes through the same operations as the import."""

from flows import new_id, with_user

FINDINGS = 3  # exit code: some rows were refused


def test_a_dry_run_reports_what_the_import_reports(make_server, tmp_path):
    server = make_server()
    owner = server.login()
    person = with_user(owner, "staff01@demo.test")["id"]
    stranger = new_id("user")
    path = tmp_path / "mixed.csv"
    rows = ["name,status,assigned_to,email"]
    rows += [f"good {i},new,{person},g{i}@example.test" for i in range(150)]
    rows += ["no such status,unheard,,", f"no such person,new,{stranger},", "not at the beginning,active,,", "fine,,,"]
    path.write_text("\n".join(rows) + "\n")
    before = owner.get("/api/customers", limit=1).seq
    report = tmp_path / "mixed.csv.refused.csv"

    def run(*args):
        result = server.command("import", "customers", path, "--tenant", "demo", *args)
        assert result.returncode == FINDINGS, result.stderr
        text = result.stdout.replace("would be created", "created")
        content = report.read_text(encoding="utf-8")
        report.unlink()
        return text, content

    dry = run("--dry-run")
    assert owner.get("/api/customers", limit=1).seq == before
    assert owner.get("/api/customers", q="g149@example.test")["items"] == []
    real = run()
    assert dry == real
    assert "unheard" in real[1] and stranger in real[1]
    assert run("--dry-run") == run()  # both say that they were there
