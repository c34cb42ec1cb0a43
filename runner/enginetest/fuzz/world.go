package fuzz

import (
	"fmt"
	"strings"
)

// WorldTables are the names of the tables that a world makes.
var WorldTables = []string{"w1", "w2", "w3", "w4", "w5", "w6", "wlog"}

// field is a column of a table that a world makes.
type field struct {
	name, kind, def string
	null            bool
	fixed           bool // generated or counted: takes no values
}

// shape is a table of a world.
type shape struct {
	name    string
	key     []string // names of the primary key's columns
	fields  []field
	counted bool
	uniques []string // columns of unique keys of one column
	parent  string
	rows    int
}

// World is a script that brings its own tables: of random columns and keys, with changes of every form, and what is in them at the end.
func (g *Generator) World() *Node {
	w := &world{g: g}
	if g.chance(15) {
		w.add("SET SESSION sql_mode = '" + g.pick("", "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO", "TRADITIONAL", "ANSI") + "'")
	}
	w.tables()
	if g.chance(25) {
		w.trigger()
	}
	if g.chance(15) {
		w.view()
	}
	for range 5 + g.r.IntN(9) {
		w.step()
	}
	for _, s := range w.list {
		w.dump(s)
	}
	return join(Other, w.out, "")
}

// world is what a script has made so far.
type world struct {
	g    *Generator
	out  []*Node
	list []*shape
	has  string // the view's table
}

func (w *world) add(s string) { w.out = append(w.out, form(Stmt, "$;\n", leaf(Other, s))) }

func (w *world) tables() {
	g := w.g
	for i := range 1 + g.r.IntN(3) {
		s := &shape{name: fmt.Sprintf("w%d", i+1)}
		var defs []string
		switch p := g.r.IntN(100); {
		case p < 50:
			s.key, s.counted = []string{"id"}, true
			s.fields = append(s.fields, field{name: "id", kind: "id", fixed: true})
			defs = append(defs, "id INT "+g.pick("", "", "UNSIGNED ")+"NOT NULL AUTO_INCREMENT PRIMARY KEY")
		case p < 80:
			s.key = []string{"id"}
			s.fields = append(s.fields, field{name: "id", kind: "key"})
			defs = append(defs, "id "+g.pick("INT", "BIGINT", "SMALLINT")+" NOT NULL PRIMARY KEY")
		case p < 90:
			s.key = []string{"id"}
			s.fields = append(s.fields, field{name: "id", kind: "word"})
			defs = append(defs, "id VARCHAR(8) NOT NULL PRIMARY KEY")
		default:
			s.key = []string{"id", "no"}
			s.fields = append(s.fields, field{name: "id", kind: "key"}, field{name: "no", kind: "key"})
			defs = append(defs, "id INT NOT NULL", "no INT NOT NULL", "PRIMARY KEY (id, no)")
		}
		if i > 0 && g.chance(50) {
			if p := w.list[g.r.IntN(i)]; len(p.key) == 1 && p.fields[0].kind != "word" {
				s.parent = p.name
				s.fields = append(s.fields, field{name: "ref", kind: "key", null: true})
				kind := strings.TrimPrefix(strings.SplitN(w.defs(p), ",", 2)[0], "id ")
				kind = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(kind, " PRIMARY KEY"), " AUTO_INCREMENT"), " NOT NULL")
				defs = append(defs, "ref "+kind, "CONSTRAINT fk_"+s.name+" FOREIGN KEY (ref) REFERENCES "+p.name+" (id)"+g.pick("", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON DELETE CASCADE ON UPDATE CASCADE", " ON DELETE RESTRICT"))
			}
		}
		var keys []string
		for k := range 2 + g.r.IntN(5) {
			f, def, key := w.column(s, fmt.Sprintf("%c", 'a'+k))
			s.fields = append(s.fields, f)
			defs = append(defs, def)
			if key != "" {
				keys = append(keys, key)
			}
		}
		w.list = append(w.list, s)
		text := "CREATE TABLE " + s.name + " (" + strings.Join(append(defs, keys...), ", ") + ")" + g.pick("", " ENGINE=InnoDB", " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4", " DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci")
		w.add(text)
		if s.name == "w1" || g.chance(80) {
			w.add(w.insert(s, 3+g.r.IntN(3), true, "INSERT INTO"))
		}
	}
}

// defs is the text that made a table, behind its name.
func (w *world) defs(s *shape) string {
	for _, n := range w.out {
		if t := n.String(); strings.HasPrefix(t, "CREATE TABLE "+s.name+" (") {
			return strings.TrimPrefix(t, "CREATE TABLE "+s.name+" (")
		}
	}
	return ""
}

var worldKinds = []string{"int", "int", "int", "uint", "tiny", "big", "dec", "dec", "dbl", "str", "str", "str", "chr", "text", "date", "date", "dtm", "dtm", "ts", "time", "year", "enum", "enum", "set", "bool", "bit", "json", "bin", "gen"}

var worldTypes = map[string]string{"int": "INT", "uint": "INT UNSIGNED", "tiny": "TINYINT", "big": "BIGINT", "dec": "DECIMAL(8,2)", "dbl": "DOUBLE", "str": "VARCHAR(12)", "chr": "CHAR(5)", "text": "TEXT", "date": "DATE", "dtm": "DATETIME",
	"ts": "TIMESTAMP", "time": "TIME", "year": "YEAR", "enum": "ENUM('red','green','blue')", "set": "SET('p','q','r')", "bool": "BOOLEAN", "bit": "BIT(4)", "json": "JSON", "bin": "VARBINARY(6)"}

var worldDefaults = map[string]string{"int": "0", "uint": "10", "tiny": "1", "big": "-1", "dec": "9.99", "dbl": "0", "str": "'none'", "chr": "''", "date": "'2020-01-01'", "dtm": "'2020-01-01 00:00:00'",
	"ts": "'2020-01-01 00:00:00'", "time": "'08:00:00'", "year": "2020", "enum": "'green'", "set": "'p'", "bool": "TRUE", "bit": "b'1'", "bin": "'x'"}

func (w *world) column(s *shape, name string) (f field, def, key string) {
	g := w.g
	kind := worldKinds[g.r.IntN(len(worldKinds))]
	if kind == "gen" {
		var src string
		for _, o := range s.fields {
			if o.kind == "int" || o.kind == "dec" || o.kind == "tiny" {
				src = o.name
			}
		}
		if src == "" {
			kind = "int"
		} else {
			return field{name: name, kind: "gen", fixed: true, null: true}, name + " DECIMAL(12,2) " + g.pick("AS", "GENERATED ALWAYS AS") + " (" + src + " * 2) " + g.pick("STORED", "VIRTUAL"), ""
		}
	}
	f = field{name: name, kind: kind, def: worldDefaults[kind], null: g.chance(60)}
	def = name + " " + worldTypes[kind]
	if !f.null {
		def += " NOT NULL"
	} else if kind == "ts" {
		def += " NULL"
	}
	if f.def != "" && g.chance(40) || kind == "ts" {
		def += " DEFAULT " + f.def
	} else {
		f.def = ""
	}
	if g.chance(14) && strings.Contains("int str chr big dec date enum", kind) {
		s.uniques = append(s.uniques, name)
		key = "UNIQUE KEY uq_" + s.name + name + " (" + name + ")"
	} else if g.chance(10) && kind != "json" && kind != "text" {
		key = "KEY ix_" + s.name + name + " (" + name + ")"
	}
	return f, def, key
}

var worldValues = map[string][]string{
	"int": {"0", "1", "2", "5", "-3", "10", "42", "100"}, "uint": {"0", "1", "7", "20", "300"}, "tiny": {"0", "1", "-5", "100", "127"}, "big": {"0", "1", "-1", "5000000000", "77"},
	"dec": {"0", "1.50", "-2.25", "10", "99.99", "3.1"}, "dbl": {"0", "1.5", "-2.25", "1e3", "0.5"}, "str": {"'apple'", "'Banana'", "'cherry'", "''", "'o''neil'", "'x y'", "'apple'", "'Zoë'"}, "chr": {"'ab'", "'cd'", "'AB'", "'e'", "''"},
	"text": {"'some text'", "'more'", "''", "'line one'"}, "date": {"'2024-01-31'", "'2023-12-25'", "'2024-02-29'", "'1999-05-05'"}, "dtm": {"'2024-01-31 10:20:30'", "'2023-12-25'", "'2024-02-29 23:59:59'", "'2000-01-01 00:00:00'"},
	"ts": {"'2024-01-31 10:20:30'", "'2023-12-25 00:00:00'", "'2024-02-29 23:59:59'"}, "time": {"'10:20:30'", "'00:00:00'", "'-01:30:00'", "'100:00:00'"}, "year": {"2024", "1999", "'2000'"},
	"enum": {"'red'", "'green'", "'blue'", "'RED'", "2"}, "set": {"'p'", "'p,q'", "'r,p'", "''", "3"}, "bool": {"TRUE", "FALSE", "1", "0"}, "bit": {"b'1010'", "3", "0", "b'1'"}, "json": {"'{\"k\": 1}'", "'[1, 2]'", "'\"s\"'", "JSON_OBJECT('a', 1)"},
	"bin": {"'abc'", "x'00ff'", "''", "x'41'"}, "key": {"1", "2", "3", "4", "5", "6", "7"}, "word": {"'k1'", "'k2'", "'K3'", "'k4'", "'k5'", "'k6'"},
}

var worldOdd = map[string][]string{
	"int": {"2147483648", "'12'", "'abc'", "1.5", "'7x'"}, "uint": {"-1", "4294967296", "'5'"}, "tiny": {"128", "-129", "'1e1'"}, "big": {"9223372036854775808", "1.5"}, "dec": {"1234567", "1.005", "'2.5'", "'x'"},
	"dbl": {"'1.5'", "'y'"}, "str": {"'a text that is too long'", "12345", "1.50", "NULL"}, "chr": {"'toolong'", "'pad  '"}, "text": {"5"}, "date": {"'2023-02-30'", "20240131", "'0000-00-00'", "'24-1-5'", "'2024-01-31 10:00:00'"},
	"dtm": {"'2024-13-01'", "20240131102030", "'0000-00-00 00:00:00'", "'2024-01-31 10:20:30.6'", "CURRENT_DATE - CURRENT_DATE + 20240101"}, "ts": {"'bad'", "NULL"}, "time": {"'10:20'", "102030", "'900:00:00'", "'x'"},
	"year": {"99", "1800", "'70'", "0"}, "enum": {"'pink'", "''", "0", "4"}, "set": {"'z'", "'p,z'", "9"}, "bool": {"2", "'1'"}, "bit": {"16", "'a'"}, "json": {"'{bad'", "'1'"}, "bin": {"'too long'", "65"}, "key": {"NULL", "99", "-1"}, "word": {"NULL", "'much too long'", "5"},
}

func (w *world) value(f field, good bool) string {
	g := w.g
	switch {
	case f.kind == "id":
		return g.pick("NULL", "0", "DEFAULT", "3", "9")
	case f.null && g.chance(12):
		return "NULL"
	case f.def != "" && g.chance(8):
		return "DEFAULT"
	case !good && g.chance(9):
		if o := worldOdd[f.kind]; len(o) > 0 {
			return g.pick(o...)
		}
	case !good && g.chance(2):
		return "NULL"
	}
	return g.pick(worldValues[f.kind]...)
}

// insert is rows of VALUES; good ones fit, and differ in their keys.
func (w *world) insert(s *shape, n int, good bool, verb string) string {
	g := w.g
	var cols []field
	for _, f := range s.fields {
		if f.kind == "gen" || f.kind == "id" && (good || g.chance(60)) || f.def != "" && g.chance(25) || f.null && g.chance(15) || f.name == "ref" && good && g.chance(50) {
			continue
		}
		cols = append(cols, f)
	}
	if len(cols) == 0 {
		return "INSERT INTO " + s.name + " () VALUES ()"
	}
	var names, rows []string
	for _, f := range cols {
		names = append(names, f.name)
	}
	for k := range n {
		var vals []string
		for _, f := range cols {
			v := w.value(f, good)
			unique := f.kind == "key" && f.name != "ref" || f.kind == "word"
			for _, u := range s.uniques {
				unique = unique || u == f.name
			}
			if good && unique {
				if v = "NULL"; len(worldValues[f.kind]) > s.rows+k {
					v = worldValues[f.kind][s.rows+k]
				}
			}
			if good && f.name == "ref" {
				v = g.pick("1", "2", "NULL", "1")
			}
			vals = append(vals, v)
		}
		rows = append(rows, "("+strings.Join(vals, ", ")+")")
	}
	if good {
		s.rows += n
	}
	return verb + " " + s.name + " (" + strings.Join(names, ", ") + ") VALUES " + strings.Join(rows, ", ")
}

func (w *world) any() *shape {
	for {
		if s := w.list[w.g.r.IntN(len(w.list))]; s.name != "wlog" {
			return s
		}
	}
}

func (w *world) field(s *shape, ok func(field) bool) (field, bool) {
	for _, i := range w.g.r.Perm(len(s.fields)) {
		if f := s.fields[i]; ok(f) {
			return f, true
		}
	}
	return field{}, false
}

func numeric(f field) bool {
	return strings.Contains(" int uint tiny big dec dbl bool key id gen ", " "+f.kind+" ")
}
func textual(f field) bool  { return strings.Contains(" str chr text word enum ", " "+f.kind+" ") }
func settable(f field) bool { return !f.fixed }

// computed is a value made of the row's own columns.
func (w *world) computed(s *shape, f field, of string) string {
	g := w.g
	num, hasNum := w.field(s, numeric)
	txt, hasText := w.field(s, textual)
	n, t := of+num.name, of+txt.name
	if !hasNum {
		n = "3"
	}
	if !hasText {
		t = "'t'"
	}
	c := of + f.name
	switch f.kind {
	case "int", "big", "key", "uint":
		return g.pick(n+" + 1", c+" + 10", c+" * 2", "ABS("+c+")", "COALESCE("+c+", 0) + 1", "LENGTH("+t+")", "IF("+n+" > 2, 1, 2)", n+" DIV 2", n+" % 3", "CASE WHEN "+n+" > 5 THEN 5 ELSE "+n+" END", c+" - 1", "GREATEST("+n+", 3)")
	case "tiny", "bool":
		return g.pick(n+" > 2", c+" + 1", "NOT "+c, n+" IS NULL", "MOD("+n+", 2)")
	case "dec", "dbl":
		return g.pick(c+" * 1.1", n+" / 4", "ROUND("+n+" / 3, 2)", c+" + "+n, "COALESCE("+c+", 1.5)", n+" / 0", "-"+c)
	case "str", "chr", "text", "word":
		return g.pick("UPPER("+t+")", "CONCAT("+t+", '-x')", "LEFT("+t+", 3)", "REPLACE("+t+", 'a', 'b')", "CONCAT('n', "+n+")", "TRIM("+t+")", "IFNULL("+t+", 'nil')", n, "SUBSTRING("+t+", 2, 3)", "LPAD("+t+", 5, '*')", "REVERSE("+t+")")
	case "date":
		return g.pick("DATE_ADD("+c+", INTERVAL 1 DAY)", c+" + INTERVAL 1 MONTH", "LAST_DAY("+c+")", "'2024-03-01'")
	case "dtm", "ts":
		return g.pick("DATE_ADD("+c+", INTERVAL 90 MINUTE)", c+" - INTERVAL 1 YEAR", "DATE("+c+")", "'2024-03-01 12:00:00'")
	case "time":
		return g.pick("ADDTIME("+c+", '00:30:00')", "SEC_TO_TIME(3600)", "'11:11:11'")
	case "year":
		return g.pick(c+" + 1", "2001")
	case "enum":
		return g.pick("'blue'", "IF("+n+" > 2, 'red', 'green')", c+" + 0", "'RED'")
	case "set":
		return g.pick("'q'", "CONCAT_WS(',', "+c+", 'q')", c+" | 2")
	case "bit":
		return g.pick(c+" | 1", c+" & 3", "b'111'")
	case "json":
		return g.pick("JSON_SET("+c+", '$.z', 1)", "JSON_ARRAY("+n+", "+t+")", "JSON_OBJECT('t', "+t+")")
	case "bin":
		return g.pick("CONCAT("+c+", 'z')", "UNHEX('4142')")
	}
	return "1"
}

func (w *world) sets(s *shape, of string, n int) string {
	var out []string
	seen := map[string]bool{}
	for range n {
		f, ok := w.field(s, func(f field) bool {
			return settable(f) && !seen[f.name] && (f.kind != "key" && f.kind != "word" || w.g.chance(15))
		})
		if !ok {
			continue
		}
		seen[f.name] = true
		v := w.value(f, false)
		if w.g.chance(60) {
			v = w.computed(s, f, of)
		}
		out = append(out, of+f.name+" = "+v)
	}
	if len(out) == 0 {
		f := s.fields[len(s.fields)-1]
		if f.fixed {
			f = s.fields[0]
		}
		return of + f.name + " = " + of + f.name
	}
	return strings.Join(out, ", ")
}

func (w *world) cond(s *shape, of string) string {
	g := w.g
	f, ok := w.field(s, func(f field) bool { return f.kind != "json" && f.kind != "set" && f.kind != "bit" })
	if !ok {
		return "1 = 1"
	}
	c := of + f.name
	if f.kind == "gen" {
		return c + " > 3"
	}
	v := func() string {
		if f.kind == "id" {
			return g.pick("1", "2", "3", "4")
		}
		return g.pick(worldValues[f.kind]...)
	}
	switch {
	case g.chance(10):
		return c + g.pick(" IS NULL", " IS NOT NULL")
	case numeric(f) && g.chance(15):
		return c + " BETWEEN 1 AND " + g.pick("3", "10", "100")
	case textual(f) && f.kind != "enum" && g.chance(25):
		return c + " LIKE '" + g.pick("%a%", "b%", "_b%", "%n") + "'"
	case g.chance(15):
		return c + " IN (" + v() + ", " + v() + ")"
	case g.chance(12):
		return c + " = " + v() + g.pick(" OR ", " AND ") + w.cond(s, of)
	}
	return c + g.pick(" = ", " <> ", " > ", " < ", " >= ", " = ") + v()
}

func (w *world) order(s *shape, of string) string {
	if w.g.chance(50) {
		return of + strings.Join(s.key, ", "+of)
	}
	return of + strings.Join(s.key, " DESC, "+of) + " DESC"
}

func (w *world) step() {
	g := w.g
	s := w.any()
	switch p := g.r.IntN(100); {
	case p < 66:
		w.add(w.change(s))
		if g.chance(20) {
			w.add(g.pick("SELECT ROW_COUNT()", "SELECT ROW_COUNT() AS changed", "SELECT LAST_INSERT_ID()", "SELECT COUNT(*) FROM "+s.name))
		}
	case p < 77:
		w.add(g.pick("START TRANSACTION", "BEGIN"))
		for range 1 + g.r.IntN(3) {
			w.add(w.change(w.any()))
			if g.chance(25) {
				w.add("SAVEPOINT sp1")
				w.add(w.change(w.any()))
				w.add(g.pick("ROLLBACK TO SAVEPOINT sp1", "RELEASE SAVEPOINT sp1"))
			}
		}
		w.add(g.pick("COMMIT", "COMMIT", "ROLLBACK"))
	case p < 87:
		w.alter(s)
	case p < 91:
		w.copies(s)
	case p < 94:
		w.prepared(s)
	case p < 97:
		w.variables(s)
	default:
		w.add("SET SESSION sql_mode = '" + g.pick("", "STRICT_TRANS_TABLES", "NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES") + "'")
	}
}

func (w *world) change(s *shape) string {
	g := w.g
	ignore := g.pick("", "", "", "", "", "IGNORE ")
	o := w.any()
	switch p := g.r.IntN(100); {
	case p < 22:
		return w.insert(s, 1+g.r.IntN(3), false, "INSERT "+ignore+"INTO")
	case p < 32:
		set := w.sets(s, "", 1+g.r.IntN(2))
		if f, ok := w.field(s, func(f field) bool { return settable(f) && f.kind != "key" && f.kind != "word" }); ok && g.chance(60) {
			set = f.name + " = VALUES(" + f.name + ")"
			if numeric(f) && g.chance(50) {
				set = f.name + " = " + s.name + "." + f.name + " + VALUES(" + f.name + ")"
			}
		}
		return w.insert(s, 1+g.r.IntN(2), false, "INSERT INTO") + " ON DUPLICATE KEY UPDATE " + set
	case p < 39:
		return w.insert(s, 1+g.r.IntN(2), false, "REPLACE INTO")
	case p < 60:
		text := "UPDATE " + ignore + s.name + " SET " + w.sets(s, "", 1+g.r.IntN(3))
		if g.chance(80) {
			text += " WHERE " + w.cond(s, "")
		}
		if g.chance(20) {
			text += " ORDER BY " + w.order(s, "")
			if g.chance(60) {
				text += " LIMIT " + g.pick("1", "2", "3")
			}
		}
		return text
	case p < 70:
		text := "DELETE FROM " + s.name + " WHERE " + w.cond(s, "")
		if g.chance(25) {
			text += " ORDER BY " + w.order(s, "") + " LIMIT " + g.pick("1", "2")
		}
		return text
	case p < 76 && o != s && w.comparable(s, o):
		on := w.joined(s, o)
		return "UPDATE " + s.name + " x JOIN " + o.name + " y ON " + on + " SET " + w.sets(s, "x.", 1) + " WHERE " + w.cond(o, "y.")
	case p < 81 && o != s && w.comparable(s, o):
		return "DELETE " + g.pick("x", "x", "x, y") + " FROM " + s.name + " x JOIN " + o.name + " y ON " + w.joined(s, o) + " WHERE " + w.cond(s, "x.")
	case p < 86 && o != s && w.comparable(s, o):
		if f, ok := w.field(s, func(f field) bool { return settable(f) && numeric(f) && f.kind != "key" }); ok {
			n := o.fields[0].name
			if m, ok := w.field(o, numeric); ok {
				n = m.name
			}
			return "UPDATE " + s.name + " SET " + f.name + " = (SELECT " + g.pick("COUNT(*)", "MAX("+n+")", "MIN("+n+")", "COALESCE(SUM("+n+"), 0)") + " FROM " + o.name + " WHERE " + w.cond(o, "") + ")" + g.pick("", " WHERE "+w.cond(s, ""))
		}
		return "DELETE FROM " + s.name + " WHERE id IN (SELECT id FROM " + o.name + " WHERE " + w.cond(o, "") + ")"
	case p < 92:
		return w.insertSelect(s, o, ignore)
	case p < 94:
		return "TRUNCATE TABLE " + s.name
	case p < 97 && w.has != "":
		return g.pick("UPDATE wv SET "+w.has+" = "+w.has+" + 1", "DELETE FROM wv WHERE "+w.has+" > 40")
	}
	return "DELETE FROM " + s.name + " WHERE " + w.cond(s, "") + " AND " + w.cond(s, "")
}

// comparable tells that the first columns of two tables are of one kind.
func (w *world) comparable(s, o *shape) bool {
	return (s.fields[0].kind == "word") == (o.fields[0].kind == "word") && numeric(s.fields[0]) == numeric(o.fields[0])
}

func (w *world) joined(s, o *shape) string {
	switch {
	case s.parent == o.name:
		return "x.ref = y.id"
	case o.parent == s.name:
		return "y.ref = x.id"
	}
	return "x.id = y.id"
}

func (w *world) insertSelect(s, o *shape, ignore string) string {
	g := w.g
	var names, items []string
	for _, f := range s.fields {
		if f.fixed || (f.null || f.def != "") && g.chance(40) {
			continue
		}
		names = append(names, f.name)
		m, ok := w.field(o, func(x field) bool { return x.kind == f.kind })
		switch {
		case f.kind == "key" && f.name != "ref" && numeric(o.fields[0]):
			items = append(items, o.fields[0].name+" + "+g.pick("10", "20", "1"))
		case f.name == "ref":
			items = append(items, g.pick("NULL", "1"))
		case ok && g.chance(85):
			items = append(items, m.name)
		default:
			items = append(items, g.pick(worldValues[f.kind]...))
		}
	}
	if len(names) == 0 {
		return "INSERT INTO " + s.name + " () VALUES ()"
	}
	text := "INSERT " + ignore + "INTO " + s.name + " (" + strings.Join(names, ", ") + ") SELECT " + strings.Join(items, ", ") + " FROM " + o.name
	if g.chance(60) {
		text += " WHERE " + w.cond(o, "")
	}
	text += " ORDER BY " + strings.Join(o.key, ", ")
	if g.chance(30) {
		text += " LIMIT 2"
	}
	return text
}

func (w *world) alter(s *shape) {
	g := w.g
	switch g.r.IntN(7) {
	case 0, 1:
		f, def, key := w.column(s, fmt.Sprintf("n%d", len(s.fields)))
		if key != "" && strings.HasPrefix(key, "UNIQUE") || f.kind == "json" && !f.null {
			s.uniques = nil
			return
		}
		place := g.pick("", "", " FIRST", " AFTER "+s.fields[0].name)
		w.add("ALTER TABLE " + s.name + " ADD COLUMN " + def + place)
		switch place {
		case "":
			s.fields = append(s.fields, f)
		case " FIRST":
			s.fields = append([]field{f}, s.fields...)
		default:
			s.fields = append([]field{s.fields[0], f}, s.fields[1:]...)
		}
	case 2:
		last := s.fields[len(s.fields)-1]
		if len(s.fields) > 4 && !last.fixed && last.name != "ref" && w.free(s, last) {
			w.add("ALTER TABLE " + s.name + " DROP COLUMN " + last.name)
			s.fields = s.fields[:len(s.fields)-1]
		}
	case 3:
		if f, ok := w.field(s, func(f field) bool { return f.kind == "int" || f.kind == "tiny" }); ok && w.free(s, f) {
			w.add("ALTER TABLE " + s.name + " MODIFY " + f.name + " BIGINT")
			for i := range s.fields {
				if s.fields[i].name == f.name {
					s.fields[i] = field{name: f.name, kind: "big", null: true}
				}
			}
		}
	case 4:
		if f, ok := w.field(s, func(f field) bool { return f.kind == "str" }); ok && w.free(s, f) {
			w.add("ALTER TABLE " + s.name + g.pick(" CHANGE "+f.name+" "+f.name+"x VARCHAR(20)", " CHANGE COLUMN "+f.name+" "+f.name+"x VARCHAR(30) NULL"))
			for i := range s.fields {
				if s.fields[i].name == f.name {
					s.fields[i] = field{name: f.name + "x", kind: "str", null: true}
				}
			}
		}
	case 5:
		if f, ok := w.field(s, func(f field) bool { return f.kind == "int" || f.kind == "date" }); ok {
			w.add("CREATE INDEX ixx_" + s.name + f.name + fmt.Sprint(len(w.out)) + " ON " + s.name + " (" + f.name + ")")
		}
	default:
		if s.counted {
			w.add("ALTER TABLE " + s.name + " AUTO_INCREMENT = " + g.pick("50", "100"))
		}
	}
}

// free tells that nothing else depends on a column.
func (w *world) free(s *shape, f field) bool {
	for _, o := range s.fields {
		if o.kind == "gen" {
			return false
		}
	}
	for _, u := range s.uniques {
		if u == f.name {
			return false
		}
	}
	for _, n := range w.out {
		t := n.String()
		if strings.HasPrefix(t, "CREATE TRIGGER") || strings.HasPrefix(t, "CREATE VIEW") || strings.HasPrefix(t, "CREATE INDEX") && strings.Contains(t, "("+f.name+")") {
			return false
		}
	}
	return w.has != f.name
}

func (w *world) copies(s *shape) {
	g := w.g
	for _, o := range w.list {
		if o.name == "w4" || o.name == "w5" || o.name == "w6" {
			return
		}
	}
	switch g.r.IntN(4) {
	case 0:
		w.add("CREATE TABLE w4 LIKE " + s.name)
		c := *s
		c.name, c.parent = "w4", ""
		w.list = append(w.list, &c)
		w.add("INSERT INTO w4 (" + w.all(s) + ") SELECT " + w.all(s) + " FROM " + s.name)
	case 1:
		if s.counted {
			return
		}
		w.add("CREATE TABLE w5 LIKE " + s.name)
		w.add("INSERT INTO w5 (" + w.all(s) + ") SELECT " + w.all(s) + " FROM " + s.name + " WHERE " + w.cond(s, ""))
		c := *s
		c.name, c.parent, c.counted, c.uniques = "w5", "", false, nil
		c.fields = nil
		for _, f := range s.fields {
			if f.kind == "id" {
				f.kind, f.fixed = "key", false
			}
			if f.kind != "gen" {
				c.fields = append(c.fields, f)
			}
		}
		w.list = append(w.list, &c)
	case 2:
		w.add("CREATE TEMPORARY TABLE w6 AS SELECT " + w.all(s) + " FROM " + s.name + " WHERE " + w.cond(s, ""))
		w.add("SELECT COUNT(*) FROM w6")
		w.add(g.pick("DELETE FROM w6 WHERE "+w.cond(s, ""), "UPDATE w6 SET "+w.sets(s, "", 1)))
		w.add("DELETE FROM " + s.name + " WHERE " + s.key[0] + " IN (SELECT " + s.key[0] + " FROM w6)")
		w.add("DROP TEMPORARY TABLE w6")
	default:
		if s.parent == "" && s.name == "w3" {
			w.add(g.pick("RENAME TABLE w3 TO w6", "ALTER TABLE w3 RENAME TO w6"))
			s.name = "w6"
		}
	}
}

// all are the columns that take values.
func (w *world) all(s *shape) string {
	var out []string
	for _, f := range s.fields {
		if f.kind != "gen" {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, ", ")
}

func (w *world) prepared(s *shape) {
	g := w.g
	if f, ok := w.field(s, func(f field) bool { return settable(f) && (f.kind == "int" || f.kind == "str" || f.kind == "dec") }); ok {
		w.add("PREPARE st FROM 'UPDATE " + s.name + " SET " + f.name + " = ? WHERE " + s.key[0] + " = ?'")
		w.add("SET @pa = " + g.pick(worldValues[f.kind]...) + ", @pb = " + map[bool]string{true: "'k2'", false: "2"}[s.fields[0].kind == "word"])
		w.add("EXECUTE st USING @pa, @pb")
		w.add("DEALLOCATE PREPARE st")
	}
}

func (w *world) variables(s *shape) {
	g := w.g
	if f, ok := w.field(s, func(f field) bool { return settable(f) && (f.kind == "int" || f.kind == "big" || f.kind == "dec") }); ok {
		w.add(g.pick("SET @uv = (SELECT MAX("+f.name+") FROM "+s.name+")", "SELECT COALESCE(MAX("+f.name+"), 0) INTO @uv FROM "+s.name, "SET @uv = 5"))
		w.add("UPDATE " + s.name + " SET " + f.name + " = " + g.pick("@uv", "@uv + 1", "COALESCE("+f.name+", @uv)") + " WHERE " + w.cond(s, ""))
		w.add("SELECT @uv")
	}
}

func (w *world) trigger() {
	g := w.g
	s := w.any()
	w.add("CREATE TABLE wlog (no INT NOT NULL AUTO_INCREMENT PRIMARY KEY, what VARCHAR(10), txt VARCHAR(40))")
	event, at := g.pick("INSERT", "UPDATE", "DELETE"), g.pick("BEFORE", "AFTER")
	row := map[string]string{"INSERT": "NEW.", "DELETE": "OLD.", "UPDATE": g.pick("NEW.", "OLD.")}[event]
	f, _ := w.field(s, func(f field) bool { return f.kind != "json" && f.kind != "bin" && f.kind != "bit" })
	body := "INSERT INTO wlog (what, txt) VALUES ('" + strings.ToLower(event) + "', CONCAT('" + s.name + "', '-', " + row + f.name + "))"
	if n, ok := w.field(s, func(f field) bool { return settable(f) && (f.kind == "int" || f.kind == "dec") }); ok && at == "BEFORE" && event != "DELETE" && g.chance(50) {
		body = "SET NEW." + n.name + " = " + g.pick("COALESCE(NEW."+n.name+", 0) + 1", "NEW."+n.name+" * 2", "IF(NEW."+n.name+" < 0, 0, NEW."+n.name+")")
	}
	w.add("CREATE TRIGGER wt1 " + at + " " + event + " ON " + s.name + " FOR EACH ROW " + g.pick(body, "BEGIN "+body+"; END"))
	w.list = append(w.list, &shape{name: "wlog", key: []string{"no"}, fields: []field{{name: "no", kind: "id", fixed: true}, {name: "what", kind: "str", null: true}, {name: "txt", kind: "str", null: true}}, counted: true})
}

func (w *world) view() {
	g := w.g
	s := w.any()
	if f, ok := w.field(s, func(f field) bool { return f.kind == "int" }); ok && s.name != "wlog" {
		w.has = f.name
		w.add("CREATE VIEW wv AS SELECT " + strings.Join(s.key, ", ") + ", " + f.name + " FROM " + s.name + " WHERE " + f.name + " < " + g.pick("50", "1000"))
	}
}

// dump is what is in a table.
func (w *world) dump(s *shape) {
	if s.name == "wlog" {
		w.add("SELECT what, txt FROM wlog ORDER BY no")
		return
	}
	var items []string
	for _, f := range s.fields {
		switch f.kind {
		case "bit":
			items = append(items, f.name+" + 0 AS "+f.name)
		case "bin":
			items = append(items, "HEX("+f.name+") AS "+f.name)
		default:
			items = append(items, f.name)
		}
	}
	w.add("SELECT " + strings.Join(items, ", ") + " FROM " + s.name + " ORDER BY " + strings.Join(s.key, ", "))
}
