package check

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// fake answers queries from a table.
type fake struct {
	rows map[string][][]string
	vars map[string]string
	fail map[string]bool
}

func (f *fake) Query(_ context.Context, q string, _ ...any) ([][]string, error) {
	if f.fail[q] {
		return nil, errors.New("access denied")
	}
	if q == queryVariables || q == querySettings {
		var out [][]string
		for _, k := range slices.Sorted(maps.Keys(f.vars)) {
			out = append(out, []string{k, f.vars[k]})
		}
		return out, nil
	}
	rows, ok := f.rows[q]
	if !ok {
		return nil, errors.New("unexpected query: " + q)
	}
	return rows, nil
}

// healthy are two ends with which nothing is wrong.
func healthy() (src, dst *fake) {
	src = &fake{fail: map[string]bool{}, vars: map[string]string{
		"log_bin": "ON", "binlog_format": "ROW", "binlog_row_image": "FULL", "binlog_row_metadata": "FULL", "binlog_row_value_options": "",
		"binlog_expire_logs_seconds": "2592000", "server_id": "7", "log_replica_updates": "ON", "gtid_mode": "ON", "time_zone": "+00:00",
		"sql_mode": "STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE", "max_execution_time": "0", "net_write_timeout": "60", "net_read_timeout": "60",
		"lower_case_table_names": "0", "binlog_transaction_compression": "OFF", "basedir": "/usr/"},
		rows: map[string][][]string{
			queryVersion: {{"8.0.36", "mover@%"}}, queryRole: {{"NONE"}},
			queryGrants:  {{"GRANT SELECT, RELOAD, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON *.* TO `mover`@`%`"}, {"GRANT XA_RECOVER_ADMIN ON *.* TO `mover`@`%`"}},
			queryTables:  {{"shop", "a", "InnoDB", "1000"}, {"shop", "b", "InnoDB", "1000"}, {"other", "x", "MyISAM", "5"}},
			queryKeyed:   {{"shop", "a"}, {"shop", "b"}},
			queryForeign: {{"shop", "b", "fk", "shop", "a", "CASCADE", "RESTRICT"}},
			queryColumns: {{"shop", "a", "id", "int", "int(11)", "", ""}, {"shop", "a", "g", "int", "int(11)", "VIRTUAL GENERATED", ""}, {"other", "x", "v", "vector", "vector(3)", "", ""},
				{"shop", "a", "name", "varchar", "varchar(9)", "", "latin1"}, {"shop", "a", "note", "text", "text", "", "utf8mb4"}, {"shop", "a", "state", "enum", "enum('a')", "", "cp1257"}},
			queryXA: {}, queryTrx: {},
		}}
	dst = &fake{fail: map[string]bool{}, vars: map[string]string{"default_transaction_read_only": "off", "statement_timeout": "0", "lock_timeout": "0",
		"idle_in_transaction_session_timeout": "0", "synchronous_commit": "on", "max_connections": "100", "maintenance_work_mem": "65536", "fsync": "on"},
		rows: map[string][][]string{
			queryServer:         {{"150004", "15.4", "UTF8", "mover", "shop", "false"}},
			queryDatabaseRights: {{"true", "true"}}, querySchemas: {{"public", "false"}, {"shop", "true"}}, queryICU: {{"800"}}, queryConnections: {{"3", "2", "-1", "2", "-1", "3", "false", "shop", "mover"}},
			queryTargets: {{"shop", "a", "false", "0", "true"}, {"public", "a", "true", "3", "false", "shop", "mover"}}, queryBypass: {{"false"}}, existsQuery("shop", "a"): {{"false"}},
		}}
	return src, dst
}

func result(t *testing.T, r *Report, id string) Result {
	t.Helper()
	for _, x := range r.Results {
		if x.ID == id {
			return x
		}
	}
	t.Fatalf("no check %s", id)
	return Result{}
}

func TestHealthy(t *testing.T) {
	src, dst := healthy()
	r, err := Run(context.Background(), src, dst, Options{Schemas: []string{"shop"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.Results {
		if x.Status != Passed && x.ID != "target-space" {
			t.Errorf("%+v", x)
		}
	}
	if !r.OK() || len(r.Results) != len(sourceChecks)+len(targetChecks) {
		t.Errorf("%d results", len(r.Results))
	}
}

// TestEachCheckFires breaks one thing at a time; every check must be named here.
func TestEachCheckFires(t *testing.T) {
	setVar := func(name, v string) func(*fake, *fake) { return func(s, d *fake) { s.vars[name] = v } }
	setTarget := func(name, v string) func(*fake, *fake) { return func(s, d *fake) { d.vars[name] = v } }
	rows := func(q string, r ...[]string) func(*fake, *fake) { return func(s, d *fake) { s.rows[q] = r } }
	targetRows := func(q string, r ...[]string) func(*fake, *fake) { return func(s, d *fake) { d.rows[q] = r } }
	grants := func(g string) func(*fake, *fake) {
		return rows(queryGrants, []string{"GRANT " + g + " ON *.* TO `mover`@`%`"})
	}
	covered := map[string]bool{"target-space": true} // it never looks
	for _, c := range []struct {
		id     string
		status Status
		fix    string
		change func(src, dst *fake)
	}{
		{"source-version", Warning, "rehearse", rows(queryVersion, []string{"5.6.50", "mover@%"})},
		{"source-binlog", Failed, "log_bin", setVar("log_bin", "OFF")},
		{"source-binlog-format", Failed, "SET GLOBAL binlog_format = 'ROW'", setVar("binlog_format", "MIXED")},
		{"source-row-image", Failed, "SET GLOBAL binlog_row_image = 'FULL'", setVar("binlog_row_image", "MINIMAL")},
		{"source-row-metadata", Warning, "SET GLOBAL binlog_row_metadata = 'FULL'", setVar("binlog_row_metadata", "MINIMAL")},
		{"source-row-metadata", Warning, "no schema changes", func(s, d *fake) { delete(s.vars, "binlog_row_metadata") }},
		{"source-partial-json", Failed, "binlog_row_value_options", setVar("binlog_row_value_options", "PARTIAL_JSON")},
		{"source-retention", Warning, "SET GLOBAL binlog_expire_logs_seconds = 86400", setVar("binlog_expire_logs_seconds", "3600")},
		{"source-retention", Failed, "SET GLOBAL binlog_expire_logs_seconds", rows(queryTables, []string{"shop", "a", "InnoDB", "900000000000000"})},
		{"source-retention", Failed, "rds_set_configuration", func(s, d *fake) {
			s.vars["basedir"] = "/rdsdbbin/mysql/"
			s.rows[queryManaged] = [][]string{{"binlog retention hours", ""}}
		}},
		{"source-server-id", Failed, "server_id = 1", setVar("server_id", "0")},
		{"source-log-replica", Warning, "log_replica_updates = ON", setVar("log_replica_updates", "OFF")},
		{"source-compression", Warning, "OFF", setVar("log_bin_compress", "ON")},
		{"source-gtid", Warning, "gtid_mode", setVar("gtid_mode", "OFF")},
		{"source-rights-stream", Failed, "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'mover'@'%'", grants("SELECT")},
		{"source-rights-lock", Warning, "GRANT RELOAD ON *.* TO 'mover'@'%'", grants("SELECT")},
		{"source-rights-lock", Failed, "GRANT RELOAD", func(s, d *fake) { s.vars["gtid_mode"] = "OFF"; grants("SELECT")(s, d) }},
		{"source-rights-select", Failed, "GRANT SELECT ON `shop`.* TO 'mover'@'%'", grants("INSERT")},
		{"source-rights-code", Warning, "GRANT SHOW_ROUTINE ON *.* TO 'mover'@'%'", grants("INSERT")},
		{"source-engine", Failed, "ALTER TABLE `shop`.`a` ENGINE = InnoDB", rows(queryTables, []string{"shop", "a", "MyISAM", "5"})},
		{"source-keys", Warning, "PRIMARY KEY", rows(queryKeyed, []string{"shop", "a"})},
		{"source-cascades", Failed, "referenced tables", rows(queryForeign, []string{"shop", "b", "fk", "other", "x", "RESTRICT", "SET NULL"})},
		{"source-columns", Failed, "exclude", rows(queryColumns, []string{"shop", "a", "v", "vector", "vector(3)", "", ""})},
		{"source-columns", Failed, "exclude", rows(queryColumns, []string{"shop", "a", "v", "varchar", "varchar(3) compressed", "", ""})},
		{"source-names", Warning, "rename", rows(queryTables, []string{"shop", "a", "InnoDB", "5"}, []string{"shop", "A", "InnoDB", "5"})},
		{"source-names", Warning, "rename", rows(queryTables, []string{"shop", strings.Repeat("n", 63), "InnoDB", "5"}, []string{"shop", strings.Repeat("n", 64), "InnoDB", "5"})},
		{"source-time-zone", Warning, "timezone", func(s, d *fake) { s.vars["time_zone"], s.vars["system_time_zone"] = "SYSTEM", "CET" }},
		{"source-zero-dates", Warning, "values.zero_dates", func(s, d *fake) {
			s.vars["sql_mode"] = "STRICT_ALL_TABLES"
			s.rows[queryColumns] = append(s.rows[queryColumns], []string{"shop", "a", "d", "date", "date", "", ""})
		}},
		{"source-invalid-text", Warning, "values.invalid_text", rows(queryColumns, []string{"shop", "a", "name", "varchar", "varchar(9)", "", "cp1257"})},
		{"source-timeouts", Warning, "0", setVar("max_execution_time", "1000")},
		{"source-transactions", Warning, "KILL", rows(queryTrx, []string{"5", "3600"})},
		{"source-transactions", Skipped, "", grants("SELECT")},
		{"source-xa", Failed, "XA COMMIT", rows(queryXA, []string{"1", "2", "0", "ab"})},
		{"source-xa", Failed, "grant the right", func(s, d *fake) { s.fail[queryXA] = true }},
		{"target-version", Failed, "15", targetRows(queryServer, []string{"140009", "14.9", "UTF8", "m", "d", "false"})},
		{"target-version", Warning, "rehearse", targetRows(queryServer, []string{"190000", "19.0", "UTF8", "m", "d", "false"})},
		{"target-primary", Failed, "primary", targetRows(queryServer, []string{"150009", "15.9", "UTF8", "m", "d", "true"})},
		{"target-primary", Failed, "RESET default_transaction_read_only", setTarget("default_transaction_read_only", "on")},
		{"target-encoding", Failed, "ENCODING 'UTF8'", targetRows(queryServer, []string{"150009", "15.9", "SQL_ASCII", "m", "d", "false"})},
		{"target-icu", Warning, "ICU", targetRows(queryICU, []string{"0"})},
		{"target-rights", Failed, `GRANT CREATE ON DATABASE "shop" TO "mover"`, targetRows(queryDatabaseRights, []string{"false", "true"})},
		{"target-rights", Failed, `GRANT USAGE, CREATE ON SCHEMA "shop" TO "mover"`, targetRows(querySchemas, []string{"shop", "false"})},
		{"target-timeouts", Warning, "SET statement_timeout = 0", setTarget("statement_timeout", "1000")},
		{"target-durability", Warning, "synchronous_commit = on", setTarget("synchronous_commit", "off")},
		{"target-connections", Failed, "max_connections", targetRows(queryConnections, []string{"92", "2", "-1", "2", "-1", "3", "false", "shop", "mover"})},
		{"target-connections", Failed, `ALTER DATABASE "shop" CONNECTION LIMIT -1`, targetRows(queryConnections, []string{"9", "2", "7", "2", "-1", "3", "false", "shop", "mover"})},
		{"target-connections", Failed, `ALTER ROLE "mover" CONNECTION LIMIT -1`, targetRows(queryConnections, []string{"9", "2", "-1", "2", "7", "3", "false", "shop", "mover"})},
		{"target-tuning", Warning, "maintenance_work_mem", rows(queryTables, []string{"shop", "a", "InnoDB", "20000000000"})},
		{"target-tables", Failed, "TRUNCATE", targetRows(existsQuery("shop", "a"), []string{"true"})},
		{"target-tables", Failed, "GRANT SELECT, INSERT", targetRows(queryTargets, []string{"shop", "a", "false", "0", "false"})},
		{"target-triggers", Failed, "DISABLE TRIGGER", targetRows(queryTargets, []string{"shop", "a", "false", "1", "true"})},
		{"target-row-security", Failed, "BYPASSRLS", targetRows(queryTargets, []string{"shop", "a", "true", "0", "true"})},
	} {
		covered[c.id] = true
		src, dst := healthy()
		c.change(src, dst)
		r, err := Run(context.Background(), src, dst, Options{Schemas: []string{"shop"}})
		if err != nil {
			t.Errorf("%s: %v", c.id, err)
			continue
		}
		x := result(t, r, c.id)
		if x.Status != c.status || !strings.Contains(x.Fix, c.fix) || x.Status != Skipped && (x.Why == "" || x.Found == "") {
			t.Errorf("%s: %+v, want %s with fix %q", c.id, x, c.status, c.fix)
		}
		if r.OK() != (r.Count(Failed) == 0) || c.status == Failed && r.OK() {
			t.Errorf("%s: OK is %v", c.id, r.OK())
		}
	}
	for _, c := range sourceChecks {
		if !covered[c.id] {
			t.Errorf("no case breaks %s", c.id)
		}
	}
	for _, c := range targetChecks {
		if !covered[c.id] {
			t.Errorf("no case breaks %s", c.id)
		}
	}
}

func TestMariaDBRights(t *testing.T) {
	src, _ := healthy()
	src.rows[queryVersion] = [][]string{{"10.11.6-MariaDB-log", "mover@10.%"}}
	src.rows[queryGrants] = [][]string{{"GRANT SELECT, REPLICATION SLAVE ON *.* TO `mover`@`10.%`"}}
	r, err := Run(context.Background(), src, nil, Options{Schemas: []string{"shop"}})
	if err != nil {
		t.Fatal(err)
	}
	if x := result(t, r, "source-rights-stream"); x.Fix != "GRANT BINLOG MONITOR ON *.* TO 'mover'@'10.%'" {
		t.Errorf("%+v", x)
	}
}

func TestLoadOnlyAndResume(t *testing.T) {
	src, dst := healthy()
	src.vars["log_bin"] = "OFF"
	dst.rows[existsQuery("shop", "a")] = [][]string{{"true"}}
	r, err := Run(context.Background(), src, dst, Options{Schemas: []string{"shop"}, LoadOnly: true, Resumes: true})
	if err != nil || !r.OK() || result(t, r, "source-binlog").Status != Skipped {
		t.Errorf("%v\n%s", err, r.Text())
	}
}

// TestRealServers checks the test engines, which are set up for a migration.
func TestRealServers(t *testing.T) {
	ctx := context.Background()
	pe, err := endpoint.Parse(enginetest.FreshPostgres(t, 15, t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pe.OpenPostgres(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for name, fresh := range map[string]func(testing.TB, string) (string, *sql.DB){
		"mariadb": enginetest.FreshMariaDB,
		"mysql80": enginetest.FreshMySQL80,
	} {
		t.Run(name, func(t *testing.T) {
			u, _ := fresh(t, t.Name())
			e, err := endpoint.Parse(u)
			if err != nil {
				t.Fatal(err)
			}
			db, err := e.OpenMySQL(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			p, _ := url.Parse(u)
			for _, q := range []string{"CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE nokey (v INT)"} {
				if _, err := db.Exec(q); err != nil {
					t.Fatal(err)
				}
			}
			r, err := Run(ctx, MySQL{db}, Postgres{pool}, Options{Schemas: []string{strings.TrimPrefix(p.Path, "/")}})
			if err != nil {
				t.Fatal(err)
			}
			if !r.OK() {
				t.Errorf("\n%s", r.Text())
			}
			if x := result(t, r, "source-keys"); x.Status != Warning || len(x.Objects) != 1 || !strings.HasSuffix(x.Objects[0], ".nokey") {
				t.Errorf("%+v", x)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
			t.Log("\n" + r.Text())
		})
	}
}

// TestConnectionsOfSuperusers: limits of roles and databases are not for superusers, nor are the server's last connections kept from them.
func TestConnectionsOfSuperusers(t *testing.T) {
	src, dst := healthy()
	dst.rows[queryConnections] = [][]string{{"92", "2", "7", "2", "7", "3", "true", "shop", "mover"}}
	r, err := Run(context.Background(), src, dst, Options{Schemas: []string{"shop"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := result(t, r, "target-connections"); got.Status != Passed {
		t.Errorf("%+v", got)
	}
}
