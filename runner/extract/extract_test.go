package extract

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godwit/runner/enginetest"
)

// ownSchema is a schema with an object of every kind that both servers know, in an order that is not the order of
// need: view a_top uses view z_base, table a_child refers to table z_parent.
var ownSchema = []string{
	"CREATE TABLE z_parent (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, n VARCHAR(20) DEFAULT 'it''s \\\\ \\n', b VARBINARY(4) DEFAULT 0x610062, g INT AS (char_length(n)) VIRTUAL, KEY (n(3)))",
	"CREATE TABLE a_child (id INT PRIMARY KEY, p INT UNSIGNED, FOREIGN KEY (p) REFERENCES z_parent (id) ON DELETE CASCADE)",
	"CREATE TABLE `odd ``name.x` (`select` ENUM('a''b','c'), t TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
	"CREATE VIEW z_base AS SELECT id, n FROM z_parent WHERE id > 0",
	"CREATE VIEW a_top AS SELECT b.id, c.p FROM z_base b JOIN a_child c ON c.p = b.id",
	"SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'",
	`CREATE PROCEDURE pr(IN x INT, OUT y INT) BEGIN DECLARE s VARCHAR(9) DEFAULT 'a;b'; /* $$ */ SELECT "id" INTO y FROM "z_parent" LIMIT 1; END`,
	"SET sql_mode = 'STRICT_TRANS_TABLES'",
	"CREATE FUNCTION fu(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
	"CREATE TRIGGER t_second BEFORE INSERT ON a_child FOR EACH ROW SET NEW.p = NEW.p + 0",
	"CREATE TRIGGER a_third BEFORE INSERT ON a_child FOR EACH ROW FOLLOWS t_second SET NEW.p = NEW.p + 1",
	"CREATE TRIGGER z_first BEFORE INSERT ON a_child FOR EACH ROW PRECEDES t_second BEGIN SET NEW.p = NEW.p; END",
	"CREATE EVENT ev ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' DO DELETE FROM a_child WHERE id < 0",
}

func run(t *testing.T, db *sql.DB, statements []string) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, q := range statements {
		if _, err := conn.ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func read(t *testing.T, u string) *Result {
	t.Helper()
	s, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

type engine struct {
	name  string
	fresh func(testing.TB, string) (string, *sql.DB)
}

var engines = []engine{{"mariadb", enginetest.FreshMariaDB}, {"mysql80", enginetest.FreshMySQL80}}

func TestReadEveryKind(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			u, db := e.fresh(t, t.Name())
			run(t, db, ownSchema)
			if e.name == "mariadb" {
				run(t, db, []string{"CREATE SEQUENCE sq START WITH 5 INCREMENT BY 2"})
			}
			r := read(t, u)
			var got []string
			for _, o := range r.Objects[1:] {
				got = append(got, fmt.Sprintf("%s %s", o.Kind, o.Name))
			}
			want := []string{"table a_child", "table odd `name.x", "table z_parent", "view z_base", "view a_top", "function fu", "procedure pr",
				"trigger z_first", "trigger t_second", "trigger a_third", "event ev"}
			if e.name == "mariadb" {
				want = append([]string{"sequence sq"}, want...)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("objects (-want +got):\n%s", d)
			}
			if len(r.Unseen) != 0 {
				t.Errorf("unseen: %v", r.Unseen)
			}
			if r.Flavor != strings.TrimRight(e.name, "80") || r.Settings["lower-case-table-names"] != "0" || len(r.Sizes) != 3 {
				t.Errorf("flavor %s, settings %v, sizes %v", r.Flavor, r.Settings, r.Sizes)
			}
			replay(t, u, r)
		})
	}
}

// replay runs the script with the mysql client in a schema of another name and compares what comes back.
func replay(t *testing.T, u string, r *Result) {
	t.Helper()
	client, err := exec.LookPath("mariadb")
	if err != nil {
		if client, err = exec.LookPath("mysql"); err != nil {
			t.Skip("no mysql client to run the script with")
		}
	}
	p, err := url.Parse(u)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.TrimPrefix(p.Path, "/")
	copied := old[:len(old)-4] + "copy"
	t.Cleanup(func() {
		p.Path = "/"
		enginetest.OpenMySQL(t, p.String()).Exec("DROP DATABASE IF EXISTS `" + copied + "`")
	})
	cmd := exec.Command(client, "--no-defaults", "--skip-ssl", "--comments", "-h", p.Hostname(), "-P", p.Port(), "-u", p.User.Username())
	cmd.Stdin = strings.NewReader(strings.ReplaceAll(r.Script(), old, copied))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("run the script: %v\n%s\n%s", err, out, r.Script())
	}
	p.Path = "/" + copied
	again := read(t, p.String())
	for i := range again.Objects {
		again.Objects[i].Text = strings.ReplaceAll(again.Objects[i].Text, copied, old)
		again.Objects[i].Schema = r.Objects[i].Schema
	}
	again.Objects[0].Name = r.Objects[0].Name
	if d := cmp.Diff(r.Objects, again.Objects); d != "" {
		t.Errorf("the script does not make the same objects (-want +got):\n%s", d)
	}
}

// TestMissingRights reads as a user who sees tables, and neither bodies nor triggers nor events.
func TestMissingRights(t *testing.T) {
	u, db := enginetest.FreshMariaDB(t, t.Name())
	run(t, db, ownSchema)
	p, _ := url.Parse(u)
	schema := strings.TrimPrefix(p.Path, "/")
	user := "u" + schema[len(schema)-10:]
	run(t, db, []string{
		"CREATE USER " + user + " IDENTIFIED BY 'pw'",
		"GRANT SELECT, EXECUTE ON `" + schema + "`.* TO " + user,
	})
	t.Cleanup(func() {
		enginetest.OpenMySQL(t, enginetest.MariaDB(t)).Exec("DROP USER " + user)
	})
	p.User = url.UserPassword(user, "pw")
	r := read(t, p.String())
	var got []string
	for _, x := range r.Unseen {
		got = append(got, string(x.Kind)+" "+x.Name)
	}
	want := []string{"view a_top", "view z_base", "function fu", "procedure pr", "view ", "trigger ", "event "}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("unseen (-want +got):\n%s\n%v", d, r.Unseen)
	}
	if !strings.Contains(r.Script(), "-- not seen: procedure "+schema+".pr: ") {
		t.Error("the script does not say what was not seen")
	}
}

func TestReadOnlySession(t *testing.T) {
	for name, fresh := range map[string]func(testing.TB, string) (string, *sql.DB){
		"mariadb": enginetest.FreshMariaDB, "mariadb114": enginetest.FreshMariaDB114, "mysql80": enginetest.FreshMySQL80, "mysql57": enginetest.FreshMySQL57,
	} {
		t.Run(name, func(t *testing.T) {
			u, _ := fresh(t, t.Name())
			s, err := Open(context.Background(), u)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for range 2 { // reading leaves the session as it is
				if _, err := s.conn.ExecContext(context.Background(), "CREATE TABLE t (a INT)"); errno(err) != 1792 {
					t.Errorf("a write is not refused by the server: %v", err)
				}
				if _, err := s.Read(context.Background()); err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Read(context.Background(), "no_such_schema"); err == nil || !strings.Contains(err.Error(), "no_such_schema") {
				t.Errorf("a schema that is not there: %v", err)
			}
		})
	}
}

func TestParseGrants(t *testing.T) {
	g := ParseGrants([]string{
		"GRANT SELECT, RELOAD, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*AB'",
		"GRANT ALL PRIVILEGES ON `sh\\_op%`.* TO `u`@`%` WITH GRANT OPTION",
		"GRANT INSERT (`a`, `b`), DELETE ON `x`.`t.``1` TO `u`@`%`",
		"GRANT EXECUTE ON PROCEDURE `x`.`p` TO `u`@`%`",
		"GRANT `role`@`%` TO `u`@`%`",
		"GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
	})
	for _, c := range []struct {
		schema, right string
		want          bool
	}{
		{"", "RELOAD", true}, {"", "SUPER", false}, {"any", "SELECT", true}, {"sh_op2", "TRIGGER", true},
		{"shxop2", "TRIGGER", false}, {"sh_op", "REPLICATION CLIENT", false}, {"x", "DELETE", false}, {"x", "EXECUTE", false},
	} {
		if got := g.On(c.schema, c.right); got != c.want {
			t.Errorf("%s on %q: %v", c.right, c.schema, got)
		}
	}
	if d := cmp.Diff([]string{"DELETE"}, g["x.t.`1"]); d != "" {
		t.Error(d)
	}
}

func TestDelimiter(t *testing.T) {
	for text, want := range map[string]string{"a": "$$", "a $$ b": "//", "a$": "//", "$$ //": ";;", "$$ // ;; $end1$": "$end2$"} {
		if got := delimiter(text); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}
