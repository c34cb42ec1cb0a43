package mysql_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/mysql"
	"godwit/runner/sourcetest"
)

// unlogged are schema changes of one table. Those that need names, labels or character sets are seen by the stream only where the
// log has the table's metadata.
var unlogged = []struct {
	sql  string
	full bool
}{
	{"MODIFY a BIGINT", false}, {"MODIFY a INT UNSIGNED", true}, {"MODIFY v VARCHAR(21)", false}, {"MODIFY v VARCHAR(20) CHARACTER SET latin1", false},
	{"MODIFY c CHAR(6)", false}, {"MODIFY c VARCHAR(5)", false}, {"MODIFY x MEDIUMTEXT", false}, {"MODIFY b VARBINARY(12)", false}, {"MODIFY b BINARY(10)", false},
	{"MODIFY e ENUM('b','a')", true}, {"MODIFY e ENUM('a','b','c')", true}, {"MODIFY s SET('x','y','1','2','3','4','5','6','7')", false}, {"MODIFY s SET('y','x')", true},
	{"MODIFY d DECIMAL(9,2)", false}, {"MODIFY d DECIMAL(8,3)", false}, {"MODIFY t DATETIME(3)", false}, {"MODIFY f DOUBLE", false}, {"MODIFY y INT", false},
	{"MODIFY g VARCHAR(20) CHARACTER SET sjis", true}, {"ADD COLUMN z INT", false}, {"DROP COLUMN a", false}, {"CHANGE a q INT", true},
	{"MODIFY b VARBINARY(10) FIRST", false},
}

func shapeTable(t *testing.T, schema string) *change.Table {
	col := sourcetest.Column
	return sourcetest.Table(t, schema, "a", []string{"id"}, col("id", types.Int{Bits: 32}), col("a", types.Int{Bits: 32}), col("v", types.Text{N: 20, Charset: "utf8mb4"}),
		col("c", types.Text{N: 5, Fixed: true, Charset: "utf8mb4"}), col("x", types.Text{MaxBytes: 1<<16 - 1, Charset: "utf8mb4"}), col("b", types.Binary{N: 10}),
		col("e", types.Enum{Values: []string{"a", "b"}, Charset: "utf8mb4"}), col("s", types.Set{Values: []string{"x", "y"}, Charset: "utf8mb4"}),
		col("d", types.Decimal{Precision: 8, Scale: 2}), col("t", types.DateTime{}), col("f", types.Float{Bits: 32}), col("y", types.Year{}), col("g", types.Text{N: 20, Charset: "gbk"}))
}

// TestUnloggedSchemaChange has schema changes that the log does not hold: rows behind them stop the stream, and a snapshot under the
// schema of before is refused.
func TestUnloggedSchemaChange(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){
		"mariadb": enginetest.FreshMariaDB, "mysql80": enginetest.FreshMySQL80, "mysql57": enginetest.FreshMySQL57, "mariadb114": enginetest.FreshMariaDB114,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, db := open(t, "unlogged")
			db.SetMaxOpenConns(1)
			ep, err := endpoint.Parse(url)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
			defer cancel()
			src, err := mysql.Open(ctx, ep, mysql.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			exec := func(q string) {
				t.Helper()
				if _, err := db.Exec(q); err != nil {
					t.Fatalf("%s: %v", q, err)
				}
			}
			tables := []*change.Table{shapeTable(t, ep.Database)}
			for _, c := range unlogged {
				exec("DROP TABLE IF EXISTS a")
				exec("CREATE TABLE a (id INT PRIMARY KEY, a INT, v VARCHAR(20), c CHAR(5), x TEXT, b VARBINARY(10), e ENUM('a','b'), s SET('x','y'), d DECIMAL(8,2), t DATETIME, f FLOAT, y YEAR, g VARCHAR(20) CHARACTER SET gbk) DEFAULT CHARSET utf8mb4")
				sn, err := src.Snapshot(ctx, tables, 1)
				if err != nil {
					t.Fatal(err)
				}
				sn.Close()
				from, err := src.Position(ctx)
				if err != nil {
					t.Fatal(err)
				}
				exec("INSERT INTO a (id, a) VALUES (1, 1)")
				exec("SET sql_log_bin = 0")
				exec("ALTER TABLE a " + c.sql)
				exec("SET sql_log_bin = 1")
				exec("INSERT INTO a (id) VALUES (2)")
				if sn, err := src.Snapshot(ctx, tables, 1); !errors.Is(err, mysql.ErrSchema) {
					t.Errorf("%s: a snapshot: %v", c.sql, err)
					if err == nil {
						sn.Close()
					}
				}
				rows, err := until(ctx, src, from, tables)
				if c.full && name == "mysql57" {
					continue // its log does not tell
				}
				if !errors.Is(err, mysql.ErrSchema) || rows != 1 {
					t.Errorf("%s: %d rows, %v", c.sql, rows, err)
				}
			}
		})
	}
}

// until follows until two rows have come, or an error.
func until(ctx context.Context, src *mysql.Source, from change.Position, tables []*change.Table) (rows int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, ended := make(chan *change.Tx), make(chan error, 1)
	go func() { ended <- src.Stream(ctx, from, tables, out) }()
	for rows < 2 {
		select {
		case tx := <-out:
			rows += tx.Rows()
		case err := <-ended:
			return rows, err
		}
	}
	cancel()
	for {
		select {
		case <-out:
		case <-ended:
			return rows, nil
		}
	}
}
