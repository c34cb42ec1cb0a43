package resolve_test

import (
	"strings"
	"testing"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/resolve"
	"godwit/ir/source"
	"godwit/parser"
	"godwit/parser/mysql/semantics"
	"godwit/parser/scan"
)

const setup = `
CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a INT, b INT UNSIGNED, s VARCHAR(10), c CHAR(3) COLLATE utf8mb4_bin,
  d DATE, dt DATETIME, dec1 DECIMAL(10,2) NOT NULL, f DOUBLE, e ENUM('x','y'), st SET('p','q'), j JSON, bl BLOB, big BIGINT);
CREATE TABLE u (id INT PRIMARY KEY, t_id INT, a INT, name VARCHAR(20) NOT NULL, hid INT INVISIBLE);
CREATE VIEW v AS SELECT id AS vid, COUNT(*) AS n FROM t GROUP BY id;
`

// run declares and resolves statements in the order of a session, and returns the last unit.
func run(t *testing.T, text string) (*ir.Unit, []*ir.Unit, *resolve.Resolver) {
	t.Helper()
	units, err := parser.Parse(source.NewFile("t.sql", text), scan.Options{Dialect: dialect.MySQL})
	if err != nil {
		t.Fatal(err)
	}
	r := resolve.New(catalog.New(""), semantics.MySQL())
	for _, u := range units {
		r.Declare(u)
		r.Resolve(u)
	}
	r.Facts()
	return units[len(units)-1], units, r
}

func findings(u *ir.Unit) string {
	var out []string
	for _, f := range u.Findings {
		out = append(out, f.Code+" "+f.Message)
	}
	return strings.Join(out, "; ")
}

func TestSelectTypes(t *testing.T) {
	for q, want := range map[string]string{
		"SELECT a, a + 1, a + b, a / 3, a * 1.5, f * 2 FROM t":                        "int32, int64, int64 unsigned, decimal(14,4), decimal(12,1), float64",
		"SELECT SUM(a), AVG(a), COUNT(*), SUM(dec1), AVG(dec1), MAX(s) FROM t":        "decimal(32,0), decimal(14,4), int64, decimal(32,2), decimal(14,6), text(10) collate utf8mb4_0900_ai_ci",
		"SELECT a = 1, a > 0 AND b, NOT a, s LIKE 'x%' FROM t":                        "int32, int32, int32, int32",
		"SELECT CONCAT(s, a), IFNULL(a, 'x'), CASE WHEN a THEN 1 ELSE 2.5 END FROM t": "text(21) collate utf8mb4_0900_ai_ci, text(11) collate utf8mb4_0900_ai_ci, decimal(11,1)",
		"SELECT * FROM u": "int32, int32, int32, text(20) collate utf8mb4_0900_ai_ci",
		"SELECT u.*, x.n FROM u JOIN (SELECT a AS n FROM t) x ON x.n = u.a": "int32, int32, int32, text(20) collate utf8mb4_0900_ai_ci, int32",
		"SELECT vid, n FROM v":                     "int32, int64",
		"SELECT a FROM t UNION SELECT dec1 FROM t": "decimal(12,2)",
		"WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT SUM(n) FROM r":      "decimal(41,0)",
		"SELECT dt + INTERVAL 1 DAY, d + INTERVAL 1 MONTH, d + INTERVAL 1 HOUR, DATEDIFF(d, '2024-01-01') FROM t": "datetime(0), date, datetime(0), int64",
		"SELECT (SELECT MAX(a) FROM u WHERE u.t_id = t.id) FROM t":                                                "int32",
		"SELECT * FROM t NATURAL JOIN u": "int32, int32, int32 unsigned, text(10) collate utf8mb4_0900_ai_ci, char(3) collate utf8mb4_bin, date, datetime(0), decimal(10,2), float64, enum(x,y), set(p,q), json, binary, int64, int32, text(20) collate utf8mb4_0900_ai_ci",
	} {
		u, _, _ := run(t, setup+q+";")
		qs, ok := u.Stmts[0].(*ir.QueryStmt)
		if !ok {
			t.Errorf("%s: %T, findings %s", q, u.Stmts[0], findings(u))
			continue
		}
		var got []string
		for _, x := range qs.Query.Columns().Types {
			got = append(got, x.String())
		}
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("%s:\n got %s\nwant %s", q, g, want)
		}
		if f := findings(u); f != "" {
			t.Errorf("%s: findings %s", q, f)
		}
		ir.Walk(qs, func(n ir.Node) bool {
			if e, ok := n.(ir.Expr); ok && e.TypeOf() == nil {
				t.Errorf("%s: %T at %s has no type", q, e, e.Base().Span.Text())
			}
			return true
		})
	}
}

func TestUnresolved(t *testing.T) {
	for q, code := range map[string]string{
		"SELECT nope FROM t":                       "NM0001",
		"SELECT x.a FROM t":                        "NM0001",
		"SELECT 1 FROM nope":                       "NM0002",
		"SELECT nope(1)":                           "NM0003",
		"SELECT a FROM t, u":                       "NM0004",
		"CALL nope()":                              "NM0003",
		"SELECT c = e COLLATE utf8mb4_nope FROM t": "TY0004",
	} {
		u, _, _ := run(t, setup+q+";")
		if _, ok := u.Stmts[0].(*ir.Unsupported); !ok || !strings.Contains(findings(u), code) {
			t.Errorf("%s: %T, findings %q, want %s", q, u.Stmts[0], findings(u), code)
		}
	}
}
