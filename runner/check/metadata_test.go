package check

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"godwit/runner/enginetest"
)

// TestColumnsUnseen: what the stream does not see of the source's columns is said exactly where the log does not name them.
func TestColumnsUnseen(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){"mariadb": enginetest.FreshMariaDB, "mysql80": enginetest.FreshMySQL80, "mysql57": enginetest.FreshMySQL57} {
		t.Run(name, func(t *testing.T) {
			_, db := open(t, "metadata")
			want := "no schema changes"
			var variable, value string
			switch err := db.QueryRow("SHOW GLOBAL VARIABLES LIKE 'binlog_row_metadata'").Scan(&variable, &value); {
			case err == nil && value == "FULL":
				want = ""
			case err == nil:
				want = "SET GLOBAL binlog_row_metadata = 'FULL'"
			}
			got, err := ColumnsUnseen(context.Background(), db)
			if err != nil || (got == "") != (want == "") || !strings.Contains(got, want) {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
}
