package fuzz

import (
	"fmt"
	"strings"
)

// Setup makes the tables that statements are about: a (many types), b (refers to a), and log (what routines write).
const Setup = `CREATE TABLE a (
  id INT NOT NULL PRIMARY KEY,
  i INT, s SMALLINT NOT NULL DEFAULT 3, u INT UNSIGNED, big BIGINT, n DECIMAL(10,2), f DOUBLE,
  v VARCHAR(20), c VARCHAR(10) COLLATE utf8mb4_bin, d DATE, dt DATETIME, e ENUM('small','medium','large'),
  UNIQUE KEY a_u (u)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE b (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  a_id INT, k INT NOT NULL DEFAULT 0, w VARCHAR(12) NOT NULL DEFAULT 'none', m DECIMAL(8,3), dt DATETIME,
  KEY b_a (a_id)
) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE TABLE log (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(60), num DECIMAL(20,4)) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
`

// Tables of Setup, in the order in which they can be filled.
var Tables = []string{"a", "b", "log"}

// Contents are queries for what is in a table. Generated numbers are left out: the source reserves more than it uses.
var Contents = map[string]string{
	"a":   "SELECT * FROM a ORDER BY id",
	"b":   "SELECT a_id, k, w, m, dt FROM b",
	"log": "SELECT what, num FROM log",
}

var columns = map[string]map[Kind][]string{
	"a": {Number: {"id", "i", "s", "u", "big", "n", "f"}, Text: {"v", "c", "e"}, Date: {"d"}, Moment: {"dt"}},
	"b": {Number: {"id", "a_id", "k", "m"}, Text: {"w"}, Moment: {"dt"}},
}

// texts have at most a comma or a minus among letters and digits: punctuation is ordered differently, which is said and not tested.
var texts = []string{"abc", "ABC", "Abc", "äbc", "strasse", "STRASSE", "", "12", "12abc", "-3.5", "x", "zebra", "Ünicode", "medium", "a,b,c", "2024-02-29", "o'neil", "0", "été"}

var dates = []string{"2024-02-29", "2023-12-31", "2024-01-31", "2000-01-01", "1999-03-15", "2024-06-30"}

var clocks = []string{"00:00:00", "23:59:59", "12:34:56", "07:08:09"}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Rows gives statements that fill the tables, the same for source and target: plain literals that mean the same on both.
func (g *Generator) Rows() []string {
	var out []string
	null := func(s string) string {
		if g.chance(18) {
			return "NULL"
		}
		return s
	}
	for i := 1; i <= 14; i++ {
		out = append(out, fmt.Sprintf("INSERT INTO a (id, i, s, u, big, n, f, v, c, d, dt, e) VALUES (%d, %s, %d, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
			i, null(fmt.Sprint(g.r.IntN(41)-20)), g.r.IntN(9)-3, null(fmt.Sprint(i*7)), null(g.pick("0", "5000000000", "-1", "9007199254740993", "42")),
			null(g.pick("0.00", "12.34", "-0.05", "99.99", "-7.50", "1000.00", "0.10")), null(g.pick("0", "1.5", "-0.25", "1024.125", "3")),
			null(quote(texts[g.r.IntN(len(texts))])), null(quote(g.pick("abc", "ABC", "x", "", "12", "äbc"))), null(quote(dates[g.r.IntN(len(dates))])),
			null(quote(dates[g.r.IntN(len(dates))]+" "+clocks[g.r.IntN(len(clocks))])), null(quote(g.pick("small", "medium", "large")))))
	}
	for i := 1; i <= 16; i++ {
		out = append(out, fmt.Sprintf("INSERT INTO b (id, a_id, k, w, m, dt) VALUES (%d, %s, %d, %s, %s, %s)",
			i, null(fmt.Sprint(1+g.r.IntN(16))), g.r.IntN(6), quote(g.pick("abc", "ABC", "none", "x y", "Ä", "12")),
			null(g.pick("0.000", "1.125", "-2.500", "100.001")), null(quote(dates[g.r.IntN(len(dates))]+" "+clocks[g.r.IntN(len(clocks))]))))
	}
	return out
}
