package godwit

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/dynamicsql"
	"godwit/ir/source"
	"godwit/parser"
)

// Programs of PL/SQL that run a text by DBMS_SQL, step by step, get the statements of native dynamic SQL in place of the calls, where the
// steps can be told from the program: one PARSE for a cursor number that no other statement uses, and values that do not change between
// BIND_VARIABLE and EXECUTE. What runs is then converted as every EXECUTE IMMEDIATE and OPEN FOR is.
// (PL/SQL Packages and Types Reference, DBMS_SQL, "Execution Flow of SQL".) Calls that are left are refused by name.

// stepwise replaces the calls of DBMS_SQL in the programs of a unit.
func (d *dynamic) stepwise(u *Unit, s ir.Stmt) {
	if !strings.Contains(strings.ToUpper(u.Text), "DBMS_SQL") {
		return
	}
	var blocks []*ir.Block
	ir.Walk(s, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok {
			blocks = append(blocks, b)
		}
		return true
	})
	for _, b := range blocks {
		for _, x := range slices.Clone(b.Decls) {
			if v, ok := x.(*ir.VarDecl); ok {
				if c := newSteps(d, u, b, v); c != nil {
					c.replace()
				}
			}
		}
	}
}

// steps are the calls of DBMS_SQL for one cursor number.
type steps struct {
	d     *dynamic
	u     *Unit
	block *ir.Block
	v     *ir.VarDecl
	lists map[ir.Stmt][]ir.Stmt // the list that a statement stands in

	parse   *sqlCall
	runs    []*sqlCall // EXECUTE and EXECUTE_AND_FETCH
	binds   map[string]*sqlCall
	columns map[string]*sqlCall // DEFINE_COLUMN by the column's number
	query   bool
	text    string // with blanks for the parts that are not known
	word    string
	using   []ir.Expr
	gone    map[ir.Stmt]bool // statements that do nothing
	rows    string           // the cursor variable of a query
}

// sqlCall is a call of DBMS_SQL.
type sqlCall struct {
	name string
	args []ir.Expr
	stmt ir.Stmt // the statement that holds it
}

// dbmsSQL tells a call of DBMS_SQL.
func dbmsSQL(e ir.Expr) (name string, args []ir.Expr, ok bool) {
	if v, is := e.(*ir.Invoke); is {
		e, args = v.X, v.Args
	}
	n, is := e.(*ir.Name)
	if !is || len(n.Parts) < 2 || !strings.EqualFold(n.Parts[len(n.Parts)-2].Text, "DBMS_SQL") {
		return "", nil, false
	}
	return strings.ToUpper(n.Parts[len(n.Parts)-1].Text), args, true
}

func isVariable(e ir.Expr, name string) bool {
	n, ok := e.(*ir.Name)
	return ok && len(n.Parts) == 1 && strings.EqualFold(n.Parts[0].Text, name)
}

// newSteps reads the steps of a cursor number; nil where they cannot be told.
func newSteps(d *dynamic, u *Unit, b *ir.Block, v *ir.VarDecl) *steps {
	c := &steps{d: d, u: u, block: b, v: v, lists: map[ir.Stmt][]ir.Stmt{}, binds: map[string]*sqlCall{}, columns: map[string]*sqlCall{}, gone: map[ir.Stmt]bool{}}
	uses := 0
	ir.Walk(b, func(n ir.Node) bool {
		if e, ok := n.(ir.Expr); ok && isVariable(e, v.Name.Text) {
			uses++
		}
		return true
	})
	if uses == 0 || !c.read() || uses != c.known() || c.parse == nil || !c.means() {
		return nil
	}
	return c
}

// read finds the calls with the statements that they stand in.
func (c *steps) read() bool {
	control.EachList(c.block, func(list []ir.Stmt) []ir.Stmt {
		for _, s := range list {
			c.lists[s] = list
		}
		return list
	})
	ok := true
	for s := range c.lists {
		c.shallow(s, func(e ir.Expr) bool {
			name, args, is := dbmsSQL(e)
			if !is || len(args) == 0 || !isVariable(args[0], c.v.Name.Text) {
				return true
			}
			ok = ok && c.step(&sqlCall{name: name, args: args, stmt: s})
			return true
		})
	}
	ir.Walk(c.block, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Goto:
			ok = false
		case *ir.CursorAttr: // EXECUTE IMMEDIATE changes what SQL% tells, EXECUTE does not
			ok = ok && x.Cursor != nil
		}
		return ok
	})
	return ok
}

// shallow visits the expressions of a statement that stand in no statement below it.
func (c *steps) shallow(s ir.Stmt, f func(ir.Expr) bool) {
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(ir.Stmt); ok && x != s {
			if _, own := c.lists[x]; own {
				return false
			}
		}
		if e, ok := n.(ir.Expr); ok {
			return f(e)
		}
		return true
	})
}

// step keeps one call; false where it is none that is converted.
func (c *steps) step(x *sqlCall) bool {
	switch n := len(x.args); x.name {
	case "PARSE":
		if c.parse != nil || n != 3 || !c.alone(x) {
			return false
		}
		c.parse = x
	case "BIND_VARIABLE":
		name, ok := x.args[min(1, n-1)].(*ir.String)
		if !ok || n < 3 || n > 4 || !c.alone(x) {
			return false
		}
		key := strings.ToUpper(strings.TrimPrefix(name.Value, ":"))
		if c.binds[key] != nil {
			return false
		}
		c.binds[key] = x
	case "DEFINE_COLUMN":
		at, ok := x.args[min(1, n-1)].(*ir.Number)
		if !ok || n < 3 || n > 4 || !c.alone(x) || c.columns[at.Text] != nil {
			return false
		}
		if to, plain := x.args[2].(*ir.Name); !plain || len(to.Parts) != 1 {
			return false
		}
		if n == 4 {
			if size, ok := x.args[3].(*ir.Number); !ok || size.Kind != ir.IntNumber {
				return false
			}
		}
		c.columns[at.Text] = x
	case "EXECUTE", "EXECUTE_AND_FETCH":
		if n != 1 {
			return false
		}
		c.query = c.query || x.name != "EXECUTE"
		c.runs = append(c.runs, x)
	case "FETCH_ROWS":
		c.query = true
		return n == 1
	case "COLUMN_VALUE":
		_, ok := x.args[min(1, n-1)].(*ir.Number)
		return ok && n == 3 && c.alone(x)
	case "CLOSE_CURSOR":
		return n == 1 && c.alone(x)
	case "IS_OPEN":
		f, ok := x.stmt.(*ir.If)
		return ok && n == 1 && c.closes(f)
	default:
		return false
	}
	return true
}

// alone tells that a statement is the call.
func (c *steps) alone(x *sqlCall) bool {
	s, ok := x.stmt.(*ir.Invocation)
	if !ok {
		return false
	}
	name, _, is := dbmsSQL(s.X)
	return is && name == x.name
}

// closes tells IF DBMS_SQL.IS_OPEN(c) THEN DBMS_SQL.CLOSE_CURSOR(c); END IF.
func (c *steps) closes(f *ir.If) bool {
	if len(f.Branches) != 1 || len(f.Else) > 0 || len(f.Branches[0].Body) != 1 {
		return false
	}
	name, args, is := dbmsSQL(f.Branches[0].Cond)
	s, call := f.Branches[0].Body[0].(*ir.Invocation)
	if !is || name != "IS_OPEN" || len(args) != 1 || !call {
		return false
	}
	name, _, is = dbmsSQL(s.X)
	return is && name == "CLOSE_CURSOR"
}

// opens tells c := DBMS_SQL.OPEN_CURSOR.
func (c *steps) opens(s ir.Stmt) bool {
	x, ok := s.(*ir.SetVar)
	if !ok || len(x.Items) != 1 || !isVariable(x.Items[0].Target, c.v.Name.Text) {
		return false
	}
	name, args, is := dbmsSQL(x.Items[0].Value)
	return is && name == "OPEN_CURSOR" && len(args) == 0
}

// known counts the uses of the variable that are told.
func (c *steps) known() int {
	n := 0
	for s := range c.lists {
		if c.opens(s) {
			n++
		}
		c.shallow(s, func(e ir.Expr) bool {
			if _, args, is := dbmsSQL(e); is && len(args) > 0 && isVariable(args[0], c.v.Name.Text) {
				n++
			}
			return true
		})
	}
	if c.v.Default != nil {
		if name, _, is := dbmsSQL(c.v.Default); !is || name != "OPEN_CURSOR" {
			return -1
		}
	}
	return n
}

// means finds out what runs, and with which values.
func (c *steps) means() bool {
	text, ok := c.read1(c.parse.args[1], 0)
	c.text, c.word = text, dynamicsql.FirstWord(text)
	c.query = c.query || len(c.columns) > 0
	switch {
	case c.query && ok && c.word != "SELECT" && c.word != "WITH" && c.word != "(", !c.query && c.word == "", !ok && len(c.binds) > 0:
		return false
	case !c.query && (c.word == "SELECT" || c.word == "WITH" || c.word == "("):
		return false
	case dynamicsql.Defines(c.word):
		return len(c.binds) == 0 && !c.query
	}
	block := c.word == "BEGIN" || c.word == "DECLARE"
	seen := map[string]bool{}
	fits := true
	dynamicsql.Placeholders(text, func(name string) string {
		name = strings.ToUpper(name)
		if b := c.binds[name]; b == nil {
			fits = false
		} else if !block || !seen[name] {
			c.using = append(c.using, b.args[2])
		}
		seen[name] = true
		return ""
	})
	if !fits || len(seen) != len(c.binds) || len(c.runs) == 0 {
		return false
	}
	for i := 1; i <= len(c.columns); i++ {
		if c.columns[strconv.Itoa(i)] == nil {
			return false
		}
	}
	if c.query && len(c.columns) == 0 {
		return false
	}
	return c.steady() && c.placed()
}

// read1 is a text as far as it is known: blanks stand for values. false tells that nothing is known of it.
func (c *steps) read1(e ir.Expr, depth int) (string, bool) {
	switch x := e.(type) {
	case *ir.String:
		return x.Value, true
	case *ir.Concat:
		out, some := "", false
		for _, a := range x.Args {
			s, ok := c.read1(a, depth)
			out, some = out+s, some || ok
			if !ok {
				out += " \x00 "
			}
		}
		return out, some
	case *ir.Name:
		if len(x.Parts) != 1 || depth > 4 {
			return "", false
		}
		if value := c.only(x.Parts[0].Text); value != nil {
			return c.read1(value, depth+1)
		}
	}
	return "", false
}

// only is the only value that a variable of the block ever has, nil if that cannot be told.
func (c *steps) only(name string) ir.Expr {
	var value ir.Expr
	count := 0
	for _, d := range c.block.Decls {
		if v, ok := d.(*ir.VarDecl); ok && strings.EqualFold(v.Name.Text, name) {
			count++
			value = v.Default
		}
	}
	if count != 1 {
		return nil
	}
	writes := 0
	ir.Walk(c.block, func(n ir.Node) bool {
		for _, e := range changed(n) {
			if !strings.EqualFold(rootKey(e), name) {
				continue
			}
			writes++
			if it, ok := n.(*ir.SetItem); ok && value == nil {
				value = it.Value
			} else {
				writes++
			}
		}
		return true
	})
	if writes > 1 {
		return nil
	}
	return value
}

// changed lists what a node assigns, or may assign by a call.
func changed(n ir.Node) []ir.Expr {
	out := control.Written(n)
	v, ok := n.(*ir.Invoke)
	if !ok || prints(v) {
		return out
	}
	if name, args, is := dbmsSQL(v); is {
		if name == "COLUMN_VALUE" || name == "VARIABLE_VALUE" {
			return append(out, args[1:]...)
		}
		return out
	}
	return append(out, v.Args...)
}

// behind are the statements that run between a statement and another one that it stands before, with the one that holds that; nil where it
// does not.
func (c *steps) behind(a, b ir.Stmt) []ir.Stmt {
	list := c.lists[a]
	i := slices.Index(list, a)
	for j := i + 1; j < len(list); j++ {
		if ir.Find(list[j], func(n ir.Node) bool { return n == ir.Node(b) }) {
			return list[i+1 : j+1]
		}
	}
	return nil
}

// steady tells that the text and the values are the same where the statement runs as they were where they were given.
func (c *steps) steady() bool {
	given := []*sqlCall{c.parse}
	values := []ir.Expr{c.parse.args[1]}
	for _, b := range c.binds {
		given, values = append(given, b), append(values, b.args[2])
	}
	for i, g := range given {
		for _, r := range c.runs {
			between := c.behind(g.stmt, r.stmt)
			if between == nil || !c.keeps(values[i], between, r) {
				return false
			}
		}
	}
	return true
}

func (c *steps) keeps(e ir.Expr, between []ir.Stmt, r *sqlCall) bool {
	names, calls := map[string]bool{}, false
	ir.Walk(e, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Name:
			names[rootKey(x)] = true
		case *ir.Invoke:
			calls = true
		}
		return true
	})
	if calls && (len(c.runs) > 1 || between[len(between)-1] != r.stmt) {
		return false
	}
	for _, s := range between {
		if s == r.stmt {
			if _, set := s.(*ir.SetVar); set { // its result comes behind
				continue
			}
		}
		if ir.Find(s, func(n ir.Node) bool {
			return slices.ContainsFunc(changed(n), func(w ir.Expr) bool { return names[strings.ToLower(rootKey(w))] })
		}) {
			return false
		}
	}
	return true
}

// placed tells that the functions stand where they can be replaced.
func (c *steps) placed() bool {
	ok := true
	for s := range c.lists {
		c.shallow(s, func(e ir.Expr) bool {
			name, args, is := dbmsSQL(e)
			if is && len(args) > 0 && isVariable(args[0], c.v.Name.Text) && (name == "EXECUTE" || name == "EXECUTE_AND_FETCH" || name == "FETCH_ROWS") {
				ok = ok && c.place(s, e)
			}
			return true
		})
	}
	return ok
}

// place tells that a statement has one of the forms that a call of a function may stand in.
func (c *steps) place(s ir.Stmt, call ir.Expr) bool {
	name, _, _ := dbmsSQL(call)
	switch s := s.(type) {
	case *ir.SetVar:
		return len(s.Items) == 1 && s.Items[0].Value == call && plainName(s.Items[0].Target)
	case *ir.Leave:
		return name != "EXECUTE" && tested(s.When, call) != ""
	case *ir.If:
		return name != "EXECUTE" && tested(s.Branches[0].Cond, call) != ""
	case *ir.Loop:
		return name == "FETCH_ROWS" && s.Kind == ir.WhileLoop && tested(s.Cond, call) != ""
	}
	return false
}

func plainName(e ir.Expr) bool {
	_, ok := e.(*ir.Name)
	return ok
}

// tested is FOUND or NOTFOUND for a comparison of the rows that were fetched with 0 or 1, "" for others.
func tested(cond, call ir.Expr) string {
	x, ok := cond.(*ir.Compare)
	if !ok || x.L != call {
		return ""
	}
	n, ok := x.R.(*ir.Number)
	if !ok {
		return ""
	}
	switch {
	case n.Text == "0" && (x.Op == ir.Gt || x.Op == ir.Ne), n.Text == "1" && (x.Op == ir.Eq || x.Op == ir.Ge):
		return "FOUND"
	case n.Text == "0" && (x.Op == ir.Eq || x.Op == ir.Le), n.Text == "1" && (x.Op == ir.Ne || x.Op == ir.Lt):
		return "NOTFOUND"
	}
	return ""
}

// replace puts native dynamic SQL in place of the calls.
func (c *steps) replace() {
	c.rows = c.unused(c.v.Name.Text + "_ROWS")
	decls, ok := c.declared()
	if !ok {
		return
	}
	list := slices.DeleteFunc(slices.Clone(c.block.Decls), func(x ir.Decl) bool { return x == ir.Decl(c.v) })
	where := slices.IndexFunc(list, func(x ir.Decl) bool { _, routine := x.(*ir.RoutineDecl); return routine })
	if where < 0 {
		where = len(list)
	}
	c.block.Decls = slices.Insert(list, where, decls...)
	f := func(n ir.Node) ir.Node {
		s, ok := n.(ir.Stmt)
		if !ok || c.lists[s] == nil {
			return n
		}
		return c.statement(s)
	}
	c.block.Body = ir.MapStmts(c.block.Body, nil, f)
	for _, x := range c.block.Catches {
		x.Body = ir.MapStmts(x.Body, nil, f)
	}
	control.EachList(c.block, func(list []ir.Stmt) []ir.Stmt {
		kept := slices.DeleteFunc(slices.Clone(list), func(s ir.Stmt) bool { return c.gone[s] && len(s.Base().Lead)+len(s.Base().Trail) == 0 })
		if len(kept) == 0 {
			return list
		}
		return kept
	})
}

func (c *steps) unused(name string) string {
	for ir.Find(c.block, func(n ir.Node) bool {
		switch x := n.(type) {
		case *ir.Name:
			return strings.EqualFold(x.Parts[0].Text, name)
		case *ir.VarDecl:
			return strings.EqualFold(x.Name.Text, name)
		}
		return false
	}) {
		name += "_"
	}
	return name
}

func (c *steps) column(i string) string { return c.v.Name.Text + "_" + i }

// declared are the variables that take the place of the cursor number.
func (c *steps) declared() ([]ir.Decl, bool) {
	if !c.query {
		return nil, true
	}
	text := c.rows + " SYS_REFCURSOR;\n"
	for i := 1; i <= len(c.columns); i++ {
		k := strconv.Itoa(i)
		kind := "VARCHAR2(32767)"
		if x := c.columns[k]; len(x.args) == 3 {
			kind = x.args[2].(*ir.Name).Parts[0].Text + "%TYPE"
		}
		text += c.column(k) + " " + kind + ";\n"
	}
	b := c.snippet("DECLARE\n"+text+"BEGIN NULL; END;", c.v.Span)
	if b == nil {
		return nil, false
	}
	return b.Decls, true
}

// snippet parses a block; its nodes stand at a span.
func (c *steps) snippet(text string, at source.Span) *ir.Block {
	us, err := parser.Parse(source.NewFile("DBMS_SQL", text+"\n/\n"), c.d.p.scanOptions(c.u.Settings))
	if err != nil || len(us) != 1 || len(us[0].Stmts) != 1 {
		return nil
	}
	b, ok := us[0].Stmts[0].(*ir.Block)
	if !ok {
		return nil
	}
	ir.Walk(b, func(n ir.Node) bool {
		n.Base().Span = at
		return true
	})
	return b
}

// made are the statements of a text in which names that begin with GODWIT_ stand for expressions.
func (c *steps) made(old ir.Stmt, text string, place map[string]ir.Expr) ir.Stmt {
	b := c.snippet("BEGIN "+text+" END;", old.Base().Span)
	if b == nil {
		return old
	}
	list := ir.MapStmts(b.Body, nil, func(n ir.Node) ir.Node {
		if x, ok := n.(*ir.Name); ok && len(x.Parts) == 1 {
			if e := place[x.Parts[0].Text]; e != nil {
				return ir.Clone(e)
			}
		}
		return n
	})
	return take(old, list)
}

// nothing stands for a statement that is left out.
func (c *steps) nothing(s ir.Stmt) ir.Stmt {
	n := &ir.Nothing{}
	n.Meta = *s.Base()
	c.gone[n] = true
	return n
}

// take puts statements in place of one, with its comments.
func take(old ir.Stmt, list []ir.Stmt) ir.Stmt {
	m := list[0].Base()
	m.Lead = append(slices.Clone(old.Base().Lead), m.Lead...)
	list[len(list)-1].Base().Trail = old.Base().Trail
	if len(list) == 1 {
		return list[0]
	}
	s := &ir.Splice{Stmts: list}
	s.Span = old.Base().Span
	return s
}

// statement replaces one statement.
func (c *steps) statement(s ir.Stmt) ir.Node {
	if c.opens(s) {
		return c.nothing(s)
	}
	var call ir.Expr
	var name string
	var args []ir.Expr
	c.shallow(s, func(e ir.Expr) bool {
		if n, a, is := dbmsSQL(e); is && len(a) > 0 && isVariable(a[0], c.v.Name.Text) {
			call, name, args = e, n, a
		}
		return true
	})
	switch name {
	case "PARSE":
		if dynamicsql.Defines(c.word) { // PARSE runs it
			return c.made(s, "EXECUTE IMMEDIATE GODWIT_TEXT;", map[string]ir.Expr{"GODWIT_TEXT": args[1]})
		}
		return c.nothing(s)
	case "BIND_VARIABLE", "DEFINE_COLUMN":
		return c.nothing(s)
	case "COLUMN_VALUE":
		k := args[1].(*ir.Number).Text
		value := c.column(k)
		if x := c.columns[k]; x == nil {
			return s
		} else if len(x.args) == 4 {
			if size, _ := strconv.Atoi(x.args[3].(*ir.Number).Text); size < 4000 {
				value = "SUBSTRB(" + value + ", 1, " + strconv.Itoa(size) + ")"
			}
		}
		return c.made(s, "GODWIT_TO := "+value+";", map[string]ir.Expr{"GODWIT_TO": args[2]})
	case "CLOSE_CURSOR", "IS_OPEN":
		if !c.query {
			return c.nothing(s)
		}
		return c.made(s, "IF "+c.rows+"%ISOPEN THEN CLOSE "+c.rows+"; END IF;", nil)
	case "EXECUTE", "EXECUTE_AND_FETCH", "FETCH_ROWS":
		return c.running(s, call, name)
	}
	return s
}

// running replaces a statement that runs the text or fetches a row.
func (c *steps) running(s ir.Stmt, call ir.Expr, name string) ir.Node {
	text, place := "", map[string]ir.Expr{"GODWIT_TEXT": c.parse.args[1]}
	if name != "FETCH_ROWS" && !dynamicsql.Defines(c.word) {
		text = "EXECUTE IMMEDIATE GODWIT_TEXT"
		if c.query {
			text = "OPEN " + c.rows + " FOR GODWIT_TEXT"
		}
		for i, e := range c.using {
			k := "GODWIT_BIND_" + strconv.Itoa(i)
			place[k] = e
			text += map[bool]string{true: " USING ", false: ", "}[i == 0] + k
		}
		text += "; "
	}
	if name != "EXECUTE" {
		text += "FETCH " + c.rows + " INTO "
		for i := 1; i <= len(c.columns); i++ {
			text += map[bool]string{true: "", false: ", "}[i == 1] + c.column(strconv.Itoa(i))
		}
		text += "; "
	}
	switch x := s.(type) {
	case *ir.SetVar:
		place["GODWIT_TO"] = x.Items[0].Target
		switch {
		case name != "EXECUTE":
			text += "IF " + c.rows + "%FOUND THEN GODWIT_TO := 1; ELSE GODWIT_TO := 0; END IF;"
		case c.query || dynamicsql.Defines(c.word):
			text += "GODWIT_TO := 0;"
		case c.word == "BEGIN" || c.word == "DECLARE":
			text += "GODWIT_TO := 1;"
		default:
			text += "GODWIT_TO := SQL%ROWCOUNT;"
		}
		return c.made(s, text, place)
	case *ir.Leave:
		x.When = c.attribute(tested(x.When, call), s)
	case *ir.If:
		x.Branches[0].Cond = c.attribute(tested(x.Branches[0].Cond, call), s)
	case *ir.Loop:
		word := map[string]string{"FOUND": "NOTFOUND", "NOTFOUND": "FOUND"}[tested(x.Cond, call)]
		b := c.snippet("BEGIN "+text+"EXIT WHEN "+c.rows+"%"+word+"; END;", s.Base().Span)
		if b == nil {
			return s
		}
		if l, ok := b.Body[len(b.Body)-1].(*ir.Leave); ok {
			l.Label = x.Label
		}
		x.Kind, x.Cond = ir.InfiniteLoop, nil
		x.Body = append(b.Body, x.Body...)
		return x
	}
	b := c.snippet("BEGIN "+text+"END;", s.Base().Span)
	if b == nil {
		return s
	}
	list := ir.MapStmts(b.Body, nil, func(n ir.Node) ir.Node {
		if x, ok := n.(*ir.Name); ok && len(x.Parts) == 1 {
			if e := place[x.Parts[0].Text]; e != nil {
				return ir.Clone(e)
			}
		}
		return n
	})
	lead, trail := s.Base().Lead, s.Base().Trail
	s.Base().Lead, s.Base().Trail = nil, nil
	list = append(list, s)
	list[0].Base().Lead, list[len(list)-1].Base().Trail = lead, trail
	out := &ir.Splice{Stmts: list}
	out.Span = s.Base().Span
	return out
}

// attribute is an attribute of the cursor.
func (c *steps) attribute(name string, at ir.Stmt) ir.Expr {
	x := &ir.CursorAttr{Cursor: &ir.Name{Parts: []ir.Ident{{Text: c.rows}}}, Name: name}
	x.Span, x.Cursor.Base().Span = at.Base().Span, at.Base().Span
	return x
}
