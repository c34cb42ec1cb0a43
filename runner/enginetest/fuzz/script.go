package fuzz

import (
	"fmt"
	"strings"
)

// Script is a script over the tables of MoreSetup: a session's modes, triggers, changes of every form, transactions, and questions about what a
// statement did. Bodies of triggers have no line break behind a semicolon, so that the script can be split.
func (g *Generator) Script() *Node {
	var kids []*Node
	add := func(n *Node) { kids = append(kids, form(Stmt, "$;\n", n)) }
	if g.chance(30) {
		add(leaf(Other, "SET SESSION sql_mode = '"+g.pick("", "", "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL", "NO_AUTO_VALUE_ON_ZERO,STRICT_TRANS_TABLES", "PIPES_AS_CONCAT,ANSI_QUOTES,STRICT_TRANS_TABLES", "NO_ENGINE_SUBSTITUTION")+"'"))
	}
	if g.chance(30) {
		for i := range 1 + g.r.IntN(3) {
			add(g.scriptTrigger(i))
		}
	}
	for range 2 + g.r.IntN(5) {
		g.depth, g.scope = 2, nil
		for _, n := range g.scriptStep() {
			add(n)
		}
	}
	return join(Other, kids, "")
}

func (g *Generator) scriptStep() []*Node {
	one := func(f ...func() *Node) []*Node { return []*Node{g.one(f...)} }
	switch p := g.r.IntN(100); {
	case p < 62:
		out := one(g.scriptChange)
		if g.chance(30) {
			out = append(out, g.about())
		}
		return out
	case p < 80:
		return g.inTransaction()
	case p < 86:
		return one(g.look)
	case p < 91:
		return g.temporary()
	case p < 96:
		return g.variables()
	default:
		return g.locked()
	}
}

// about asks what the last statement did.
func (g *Generator) about() *Node {
	return leaf(Other, g.pick("SELECT ROW_COUNT()", "SELECT ROW_COUNT() AS n", "SELECT ROW_COUNT()", "SELECT LAST_INSERT_ID() = (SELECT MAX(id) FROM kid)", "SELECT LAST_INSERT_ID() = (SELECT MAX(id) FROM par)", "SELECT LAST_INSERT_ID() > 0", "SELECT COUNT(*) FROM hist"))
}

func (g *Generator) look() *Node {
	return leaf(Other, "SELECT "+g.pick("* FROM many ORDER BY id", "COUNT(*), SUM(hits) FROM many", "COUNT(*) FROM kid WHERE par_id IS NULL", "a, g1, g2 FROM gen ORDER BY id", "code, qty FROM par ORDER BY code", "COUNT(*), MAX(qty) FROM par FOR UPDATE", "id, hits FROM few ORDER BY id", "ti, vc, en FROM typ ORDER BY id"))
}

func (g *Generator) scriptChange() *Node {
	return g.one(g.typInsert, g.typInsert, g.typUpdate, g.typUpdate, g.parents, g.parents, g.kids, g.kids, g.manyInsert, g.manyInsert, g.manyInsert, g.manyUpdate, g.manyUpdate, g.generated, g.several, g.several,
		g.copied, g.copied, g.viewed, g.oneChange, g.computed, g.computed, g.truncated, g.ordered)
}

func (g *Generator) ignore() string { return g.pick("", "", "", "IGNORE ") }

func (g *Generator) typInsert() *Node {
	n := 1 + g.r.IntN(4)
	cols := g.someOf(oddColumns, n)
	rows := make([]string, 1+g.r.IntN(2))
	for i := range rows {
		rows[i] = "(" + strings.Join(g.oddValues(cols), ", ") + ")"
	}
	verb := g.pick("INSERT ", "INSERT ", "INSERT ", "INSERT IGNORE ", "REPLACE ")
	if g.chance(20) {
		var sets []string
		for i, v := range g.oddValues(cols) {
			sets = append(sets, cols[i]+" = "+v)
		}
		return leaf(Other, verb+"INTO typ SET "+strings.Join(sets, ", "))
	}
	return leaf(Other, verb+"INTO typ ("+strings.Join(cols, ", ")+") VALUES "+strings.Join(rows, ", "))
}

func (g *Generator) oddValues(cols []string) []string {
	var out []string
	for _, c := range cols {
		out = append(out, g.pick(odd[c]...))
	}
	return out
}

func (g *Generator) someOf(list []string, n int) []string {
	var out []string
	for _, i := range g.r.Perm(len(list))[:n] {
		out = append(out, list[i])
	}
	return out
}

func (g *Generator) typUpdate() *Node {
	cols := g.someOf(oddColumns, 1+g.r.IntN(2))
	var sets []string
	for i, v := range g.oddValues(cols) {
		sets = append(sets, cols[i]+" = "+v)
	}
	return leaf(Other, "UPDATE "+g.ignore()+"typ SET "+strings.Join(sets, ", ")+g.pick("", " WHERE id = 1", " WHERE id = 2", " WHERE id = 77", " WHERE ti IS NULL", " ORDER BY id LIMIT 1"))
}

// computed stores values that depend on the row into columns of typ.
func (g *Generator) computed() *Node {
	if g.chance(40) {
		g.scope = moreColumns["typ"]
		col, kind := g.pick("ti", "tu", "si", "de", "bu", "vc", "ch", "ye", "da", "dt"), Number
		switch col {
		case "vc", "ch":
			kind = Text
		case "da":
			kind = Date
		case "dt":
			kind = Moment
		}
		return form(Other, "UPDATE "+g.ignore()+"typ SET "+col+" = $ WHERE $", g.loose(kind), g.Cond())
	}
	return leaf(Other, "UPDATE "+g.ignore()+"typ SET "+g.pick("si = si + 40000", "tu = tu - 5", "bu = bu - 6", "vc = CONCAT(vc, 'long text')", "ti = si * 100", "de = de * 1000", "de = de / 0", "vc = ch", "si = vc", "ti = ti + 1, si = ti, mu = si", "se = CONCAT_WS(',', se, 'y')", "en = IF(id = 1, 'c', 'zz')",
		"bi = bi + 1", "ye = ye + 1", "da = DATE_ADD(da, INTERVAL 1 MONTH)", "tm = ADDTIME(tm, '01:00:00')", "dt = da", "da = dt", "tm = dt", "js = JSON_SET(js, '$.c', id)", "vc = js", "fl = vc", "ch = de", "si = NULL", "si = NULLIF(si, 3)", "vc = NULLIF(vc, 'vc')", "de = '1.239'", "id = id + 5")+g.pick("", "", " WHERE id = 1", " WHERE id < 0"))
}

func (g *Generator) parents() *Node {
	return leaf(Other, g.pick(
		"INSERT INTO par (code, parent) VALUES ('"+g.pick("ff", "aa", "gg", "AA", "toolong")+"', "+g.pick("1", "99", "NULL")+")",
		"INSERT "+g.ignore()+"INTO par (id, code, parent, qty) VALUES ("+g.pick("6, 'ff', 6", "7, 'gg', 8, 1), (8, 'hh', 1", "8, 'hh', 1, 2), (7, 'gg', 8", "1, 'zz', NULL", "0, 'zz', 2", "NULL, 'yy', 2")+", "+g.pick("0", "3", "NULL", "-1")+")",
		"DELETE "+g.ignore()+"FROM par WHERE "+g.pick("id = 1", "id = 5", "code = 'bb'", "id = 3", "qty = 0", "parent = 1"),
		"UPDATE par SET "+g.pick("id = id + 100 WHERE id = 2", "id = 55 WHERE id = 5", "code = 'xx' WHERE id = 2", "code = CONCAT(code, 'z') WHERE id < 4", "parent = 99 WHERE id = 5", "parent = id WHERE id = 5", "qty = qty - 1 WHERE id <= 2", "code = 'aa'", "parent = NULL WHERE code = 'dd'", "id = id + 1 ORDER BY id DESC"),
		"REPLACE INTO par (id, code, qty) VALUES ("+g.pick("5, 'ee'", "5, 'qq'", "9, 'ee'", "2, 'bb'", "10, 'new'")+", 4)",
		"INSERT INTO par (id, code, qty) VALUES ("+g.pick("5, 'ee'", "9, 'aa'", "2, 'cc'", "11, 'kk'")+", 4) ON DUPLICATE KEY UPDATE "+g.pick("qty = qty + VALUES(qty)", "code = VALUES(code)", "qty = VALUES(qty), code = CONCAT(code, qty)", "id = LAST_INSERT_ID(id), qty = 8", "qty = qty"),
		"INSERT INTO par SET code = '"+g.pick("ss", "aa")+"'"+g.pick("", ", qty = qty + 2", ", qty = DEFAULT(qty) + 1", ", parent = DEFAULT", ", qty = DEFAULT")))
}

func (g *Generator) kids() *Node {
	return leaf(Other, g.pick(
		"INSERT "+g.ignore()+"INTO kid (par_id, par_code, amt) VALUES ("+g.pick("1, 'aa'", "99, NULL", "NULL, 'nope'", "3, 'BB'", "1, NULL, 2), (2, 'aa'")+", "+g.pick("1", "2.345", "1000", "NULL", "'12'", "DEFAULT")+")",
		"INSERT INTO kid () VALUES ()", "INSERT INTO kid (id, note) VALUES ("+g.pick("0", "NULL", "DEFAULT", "20", "1", "-4")+", "+g.pick("'a'", "DEFAULT", "NULL", "'much too long'")+")",
		"DELETE FROM kid WHERE "+g.pick("par_id = 2", "id = 4", "note IS NULL", "amt > 1", "par_id IN (SELECT id FROM par WHERE qty > 1)"),
		"UPDATE "+g.ignore()+"kid SET "+g.pick("par_id = 99 WHERE id = 1", "par_id = par_id + 1", "par_code = 'dd' WHERE id = 2", "amt = amt * 100", "note = DEFAULT", "note = CONCAT(note, amt)", "amt = DEFAULT(amt) + 3, note = amt", "par_id = NULL", "amt = (SELECT SUM(qty) FROM par)", "note = (SELECT code FROM par WHERE id = par_id)"),
		"DELETE FROM kid ORDER BY id DESC LIMIT 1", "INSERT INTO kid (par_id, note) SELECT id, code FROM par WHERE qty > "+g.pick("0", "1", "100")))
}

func (g *Generator) manyRow() string {
	return fmt.Sprintf("(%s, %s, %s, %s)", g.pick("1", "2", "5", "6", "7"), g.pick("10", "20", "30", "50", "60", "70"), g.pick("1", "2", "NULL", "3"), g.pick("'a'", "'b'", "'A'", "NULL", "'c'"))
}

func (g *Generator) manyInsert() *Node {
	rows := g.manyRow()
	for g.chance(35) {
		rows += ", " + g.manyRow()
	}
	switch g.r.IntN(4) {
	case 0:
		return leaf(Other, "INSERT "+g.ignore()+"INTO many (id, k1, k2, k3) VALUES "+rows)
	case 1:
		return leaf(Other, "REPLACE INTO many (id, k1, k2, k3) VALUES "+rows)
	}
	set := g.pick("hits = hits + 1", "hits = hits + VALUES(k1)", "k1 = VALUES(k1)", "k1 = k1 + 1, hits = k1", "k3 = VALUES(k3), hits = VALUES(hits)", "id = id + 20", "k2 = NULL", "hits = IF(k1 = VALUES(k1), 100, 200)", "hits = hits", "k1 = NULL", "k3 = 'much too long'", "hits = many.hits + 1, k2 = many.hits")
	return leaf(Other, "INSERT "+g.pick("", "", "", "", "IGNORE ")+"INTO many (id, k1, k2, k3) VALUES "+rows+" ON DUPLICATE KEY UPDATE "+set)
}

func (g *Generator) manyUpdate() *Node {
	return leaf(Other, g.pick(
		"UPDATE "+g.ignore()+"many SET "+g.pick("k1 = k1 + 10", "k1 = 20 WHERE id = 1", "hits = hits + 1, k2 = hits, k1 = k1 + hits", "k2 = k1, k1 = k2", "k1 = k1 + 10 ORDER BY k1 DESC", "k1 = k1 - 10 ORDER BY k1", "hits = k1, hits = hits + 1", "k2 = 1, k3 = 'a'", "id = id + 1 ORDER BY id DESC", "id = 5 - id", "hits = hits + 1 WHERE hits > 0 ORDER BY k1 DESC LIMIT 2", "k1 = NULL", "k3 = UPPER(k3)", "hits = hits"),
		"UPDATE many SET hits = (SELECT COUNT(*) FROM par WHERE par.qty > many.hits) WHERE k2 IS NOT NULL", "UPDATE many AS m SET m.hits = m.hits + 10 WHERE m.k1 IN (SELECT qty * 10 FROM par)",
		"DELETE FROM many WHERE "+g.pick("k2 = 1", "k3 = 'A'", "hits = 0", "k1 > 15 ORDER BY k1 DESC LIMIT 1", "id NOT IN (SELECT id FROM par)"), "DELETE FROM many ORDER BY k1 LIMIT 2"))
}

func (g *Generator) generated() *Node {
	return leaf(Other, g.pick(
		"INSERT "+g.ignore()+"INTO gen (a, b, s) VALUES ("+g.pick("1, 2, 'n'", "5, 5, NULL", "NULL, DEFAULT, 'q'", "1, 1, 'dup'", "30, 4, 'dup'", "1, NULL, 'x'")+")", "INSERT INTO gen (a, g1) VALUES (8, DEFAULT)", "INSERT INTO gen (a, g1) VALUES (8, 3)",
		"UPDATE gen SET "+g.pick("a = 1, b = 1", "b = g1, a = g1", "s = g2", "a = a + 1", "g1 = 5", "g1 = DEFAULT", "b = DEFAULT WHERE a = 1", "s = CONCAT(s, g1)"), "REPLACE INTO gen (id, a, b, s) VALUES ("+g.pick("1, 9, 9, 'r'", "7, 1, 1, 'r'", "3, 1, 1, 'two'")+")",
		"INSERT INTO gen (id, a, b) VALUES ("+g.pick("1, 3, 3", "8, 1, 1", "8, 2, 2")+") ON DUPLICATE KEY UPDATE "+g.pick("a = a + VALUES(a)", "s = g1", "b = VALUES(b), s = CONCAT(s, b)"), "DELETE FROM gen WHERE "+g.pick("g1 = 2", "g2 LIKE 's%'", "g1 IS NULL")))
}

// several are changes of more than one table.
func (g *Generator) several() *Node {
	return leaf(Other, g.pick(
		"UPDATE "+g.ignore()+"par JOIN kid ON kid.par_id = par.id SET "+g.pick("par.qty = par.qty + 1", "kid.note = par.code", "kid.amt = kid.amt + par.qty, kid.note = 'j'", "par.qty = 7, kid.note = 'both'", "kid.note = CONCAT(par.code, par.code, par.code, par.code, par.code)", "kid.par_id = NULL")+g.pick("", " WHERE par.qty > 0", " WHERE kid.amt > 1"),
		"UPDATE many m, par p SET m.hits = p.qty WHERE p.id = m.id", "UPDATE par p LEFT JOIN kid k ON k.par_id = p.id SET p.qty = "+g.pick("99", "p.qty + 10", "p.id")+" WHERE k.id IS NULL",
		"UPDATE par c JOIN par p ON p.id = c.parent SET c.qty = p.qty", "UPDATE many m JOIN (SELECT par_id, COUNT(*) AS n FROM kid GROUP BY par_id) AS s ON s.par_id = m.id SET m.hits = s.n, m.k2 = m.hits",
		"DELETE "+g.pick("k", "k, m", "m")+" FROM kid k JOIN many m ON m.id = k.par_id"+g.pick("", " WHERE m.hits > 0"), "DELETE kid FROM kid LEFT JOIN par ON par.id = kid.par_id WHERE "+g.pick("par.id IS NULL", "par.qty = 0"),
		"DELETE FROM many USING many JOIN par ON par.id = many.id WHERE par.qty > 1", "DELETE p FROM par p JOIN many m ON m.id = p.id WHERE m.hits "+g.pick("> 1", "= 1", "< 0"), "DELETE c FROM par c JOIN par p ON p.id = c.parent WHERE p.qty > 1"))
}

// copied are rows of queries.
func (g *Generator) copied() *Node {
	return leaf(Other, g.pick(
		"INSERT INTO many (id, k1, k2, k3, hits) SELECT id + "+g.pick("1", "10", "20")+", k1 + "+g.pick("1", "100")+", NULL, k3, hits FROM many"+g.pick("", " WHERE hits > 0", " ORDER BY id DESC LIMIT 2"),
		"INSERT IGNORE INTO many (id, k1) SELECT id, qty * 10 FROM par ORDER BY id", "REPLACE INTO many (id, k1, k2) SELECT id, qty * 10, parent FROM par ORDER BY id",
		"INSERT INTO many (id, k1, hits) SELECT id, id * 10, qty FROM par ORDER BY id ON DUPLICATE KEY UPDATE "+g.pick("hits = many.hits + VALUES(hits)", "hits = hits + 1", "many.k2 = par.qty", "hits = par.qty"),
		"INSERT INTO par (code, parent, qty) SELECT CONCAT(code, '2'), id, qty + 1 FROM par ORDER BY id"+g.pick("", " LIMIT 2"), "INSERT INTO hist (tab, num, was) SELECT 'copy', COUNT(*), MAX(code) FROM par",
		"INSERT INTO typ (si, vc, de) SELECT id, code, qty * "+g.pick("1", "1000", "0.001")+" FROM par ORDER BY id", "INSERT "+g.ignore()+"INTO typ (vc, en) SELECT note, par_code FROM kid ORDER BY id", "INSERT INTO hist (tab, num) VALUES ('sub', (SELECT SUM(hits) FROM many)), ('two', (SELECT MIN(id) FROM par))",
		"INSERT INTO many (id, k1, k2) VALUES (50, id + 1, k1 * 2)", "INSERT INTO hist (num, was, now) VALUES (5, num, CONCAT(num, was))"))
}

func (g *Generator) viewed() *Node {
	return leaf(Other, g.pick("INSERT INTO few (id, k1, hits) VALUES (9, 90, "+g.pick("4", "5", "DEFAULT")+")", "UPDATE few SET hits = hits + "+g.pick("1", "3", "4"), "UPDATE "+g.ignore()+"few SET hits = 9 WHERE id = "+g.pick("1", "4"), "DELETE FROM few WHERE "+g.pick("k1 > 15", "id = 4", "hits = 0"),
		"INSERT "+g.ignore()+"INTO few (id, k1) VALUES (1, 11), (12, 120)", "UPDATE few JOIN par ON par.id = few.id SET few.hits = par.qty", "INSERT INTO few (id, k1, hits) VALUES (2, 21, 1) ON DUPLICATE KEY UPDATE hits = "+g.pick("3", "6")))
}

func (g *Generator) truncated() *Node {
	return leaf(Other, "TRUNCATE TABLE "+g.pick("kid", "many", "hist", "par", "gen"))
}

func (g *Generator) ordered() *Node {
	g.scope = moreColumns["many"]
	return form(Other, "UPDATE many SET hits = $, k2 = hits WHERE $ ORDER BY id"+g.pick("", " LIMIT 2"), form(Number, "FLOOR(COALESCE($, 0) % 1000)", g.Expr(Number)), g.Cond())
}

// inTransaction are changes in a transaction, some of which may fail.
func (g *Generator) inTransaction() []*Node {
	var out []*Node
	add := func(s string) { out = append(out, leaf(Other, s)) }
	off := g.chance(25)
	if off {
		add("SET autocommit = 0")
	} else {
		add(g.pick("START TRANSACTION", "BEGIN", "START TRANSACTION", "START TRANSACTION READ WRITE"))
	}
	saved := ""
	for range 1 + g.r.IntN(4) {
		switch p := g.r.IntN(100); {
		case p < 60:
			out = append(out, g.scriptChange())
		case p < 72:
			saved = g.pick("s1", "s2")
			add("SAVEPOINT " + saved)
		case p < 82 && saved != "":
			add("ROLLBACK " + g.pick("TO ", "WORK TO SAVEPOINT ") + saved)
		case p < 86 && saved != "":
			add("RELEASE SAVEPOINT " + saved)
		case p < 90:
			out = append(out, g.about())
		case p < 93:
			add("CREATE TABLE IF NOT EXISTS made (a INT)")
		case p < 95:
			add(g.pick("COMMIT", "ROLLBACK"))
		default:
			out = append(out, g.look())
		}
	}
	add(g.pick("COMMIT", "COMMIT", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK"))
	if off {
		add("SET autocommit = 1")
	}
	return out
}

func (g *Generator) temporary() []*Node {
	var out []*Node
	for _, s := range []string{
		g.pick("CREATE TEMPORARY TABLE tt AS SELECT id, code, qty FROM par", "CREATE TEMPORARY TABLE tt (id INT PRIMARY KEY, code VARCHAR(4), qty INT DEFAULT 2)", "CREATE TEMPORARY TABLE tt SELECT id, k3 AS code, hits AS qty FROM many"),
		g.pick("INSERT INTO tt (id, code) VALUES (40, 'tt')", "INSERT INTO tt (id, code, qty) SELECT id + 50, LEFT(code, 1), qty FROM par", "UPDATE tt SET qty = qty + 1", "DELETE FROM tt WHERE qty > 1"),
		g.pick("SELECT * FROM tt ORDER BY id", "UPDATE par JOIN tt ON tt.id = par.id SET par.qty = tt.qty", "INSERT INTO hist (tab, num) SELECT code, qty FROM tt"), g.pick("DROP TEMPORARY TABLE tt", "DROP TABLE tt", "DROP TEMPORARY TABLE IF EXISTS tt"),
	} {
		out = append(out, leaf(Other, s))
	}
	return out
}

func (g *Generator) variables() []*Node {
	var out []*Node
	for _, s := range []string{
		g.pick("SET @v = 3", "SET @v = (SELECT MAX(hits) FROM many)", "SELECT MAX(k1) INTO @v FROM many", "SET @v = 5, @w = 2", "SELECT COUNT(*), MIN(qty) INTO @v, @w FROM par"),
		g.pick("UPDATE many SET hits = @v", "INSERT INTO many (id, k1, hits) VALUES (@v + 60, @v + 600, @v)", "DELETE FROM many WHERE hits < @v", "UPDATE kid SET amt = @v", "SET @v = @v + 1", "UPDATE par SET qty = @v WHERE id = 1"), "SELECT @v",
	} {
		out = append(out, leaf(Other, s))
	}
	return out
}

func (g *Generator) locked() []*Node {
	return []*Node{leaf(Other, "LOCK TABLES many WRITE, hist WRITE, par READ"), leaf(Other, g.pick("UPDATE many SET hits = hits + 1", "DELETE FROM many WHERE id = 1", "INSERT INTO many (id, k1) VALUES (1, 1)", "INSERT INTO many (id, k1) SELECT id + 30, qty + 300 FROM par")),
		leaf(Other, g.pick("SELECT COUNT(*) FROM many", "UPDATE many SET k1 = 10", "INSERT INTO many (id, k1) VALUES (33, 330)")), leaf(Other, "UNLOCK TABLES")}
}

// scriptTrigger is a trigger on one of the tables; those of one event run in the order in which they were made.
func (g *Generator) scriptTrigger(i int) *Node {
	table := g.pick("many", "many", "kid", "par", "typ", "gen")
	num, txt := map[string]string{"many": "hits", "kid": "amt", "par": "qty", "typ": "si", "gen": "b"}[table], map[string]string{"many": "k3", "kid": "note", "par": "code", "typ": "vc", "gen": "s"}[table]
	event, at := g.pick("INSERT", "UPDATE", "DELETE"), g.pick("BEFORE", "AFTER")
	var body []string
	for range 1 + g.r.IntN(2) {
		row := map[string]string{"INSERT": "NEW.", "DELETE": "OLD.", "UPDATE": g.pick("NEW.", "OLD.")}[event]
		was, now := "NULL", "NULL"
		if event != "INSERT" {
			was = "OLD." + txt
		}
		if event != "DELETE" {
			now = "NEW." + txt
		}
		choices := []string{
			fmt.Sprintf("INSERT INTO hist (tab, num, was, now) VALUES ('%s', %s, %s, %s)", table[:2]+event[:1], row+num, was, now),
			fmt.Sprintf("IF %s%s > %s THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'trigger says no'; END IF", row, num, g.pick("3", "50", "1000")),
			fmt.Sprintf("SET @t = COALESCE(@t, 0) + 1; INSERT INTO hist (tab, num) VALUES ('tr', %s%s)", row, num),
			fmt.Sprintf("UPDATE log SET num = num + 1 WHERE id = %sid; INSERT INTO log (what, num) VALUES ('%s', %s%s)", row, table, row, num),
		}
		if at == "BEFORE" && event != "DELETE" {
			choices = append(choices, fmt.Sprintf("SET NEW.%s = NEW.%s + 1", num, num), fmt.Sprintf("SET NEW.%s = UPPER(NEW.%s), NEW.%s = %s", txt, txt, num, g.pick("2", "NULL", "COALESCE(NEW."+num+", 0) * 2")), fmt.Sprintf("IF NEW.%s IS NULL THEN SET NEW.%s = 'tr'; END IF", txt, txt))
		}
		body = append(body, g.pick(choices...))
	}
	order := ""
	if i > 0 && g.chance(10) {
		order = fmt.Sprintf(" %s tg%d", g.pick("FOLLOWS", "PRECEDES"), i-1)
	}
	return leaf(Other, fmt.Sprintf("CREATE TRIGGER tg%d %s %s ON %s FOR EACH ROW%s BEGIN %s; END", i, at, event, table, order, strings.Join(body, "; ")))
}
