package godwit

import (
	"sort"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/prepared"
	"godwit/ir/types"
)

// maxVariants is how many statements one text may become.
const maxVariants = 24

// expandBuilt puts statements in place of EXECUTE of texts that a routine builds of values, where all statements that it can be are
// known: the names in it are those of tables and columns of the catalog, and the other values stand where a value may stand.
func (p *pipeline) expandBuilt(u *Unit) {
	if len(u.Stmts) != 1 || u.PLSQL || !control.IsProgram(u.Stmts[0]) || !prepares(u.Stmts[0]) {
		return
	}
	d := p.newDynamic()
	d.holes, d.schema = true, u.Schema
	d.declare(u.Stmts[0])
	d.body(u, u.Stmts[0])
	if d.named {
		u.Report(prepared.KnownNames.New(u.Source, "a prepared text names tables or columns by variables"))
	}
	if d.plain {
		u.Report(prepared.PlainValues.New(u.Source, "a prepared text has values of variables in its literals"))
	}
}

// prepares tells that a prepared statement is left.
func prepares(n ir.Node) bool {
	return ir.Find(n, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Prepare, *ir.Execute, *ir.Deallocate:
			return true
		}
		return false
	})
}

// variants are the statements that a text can be: a choice by its conditions, and in it by the names that its values may be.
func (d *dynamic) variants(u *Unit, t template, n *ir.Execute) ir.Stmt {
	if !d.holes {
		return nil
	}
	conds := t.conditions()
	if len(conds) > 4 {
		return nil
	}
	v := &variants{d: d, u: u, n: n}
	list := v.choose(t, conds, map[ir.Expr]bool{})
	if v.failed || v.count > maxVariants || len(list) == 0 {
		return nil
	}
	if len(list) == 1 {
		return list[0]
	}
	b := &ir.Block{Body: list}
	b.Span = n.Span
	return b
}

type variants struct {
	d      *dynamic
	u      *Unit
	n      *ir.Execute
	count  int
	failed bool
}

func (v *variants) choose(t template, conds []ir.Expr, holds map[ir.Expr]bool) []ir.Stmt {
	if v.failed || v.count > maxVariants {
		return nil
	}
	if len(conds) == 0 {
		return v.names(t.chosen(holds))
	}
	c, rest := conds[0], conds[1:]
	holds[c] = true
	then := v.choose(t, rest, holds)
	holds[c] = false
	els := v.choose(t, rest, holds)
	x := control.When(ir.Clone(c), then...)
	x.Else = els
	x.Span = v.n.Span
	return []ir.Stmt{x}
}

const markStart, markEnd = "gw0hole", "x"

func mark(i int) string { return markStart + strconv.Itoa(i) + markEnd }

// marked is the text with marks in place of values; the values are numbered as they stand.
func marked(t template) (string, []piece) {
	var b strings.Builder
	var holes []piece
	for _, p := range t {
		if p.hole == nil {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(mark(len(holes)))
		holes = append(holes, p)
	}
	return b.String(), holes
}

// names puts names in place of the first value that stands for one, and goes on with each of the texts that come out.
func (v *variants) names(t template) []ir.Stmt {
	text, holes := marked(t)
	if strings.Contains(strings.Join(constants(t), ""), markStart) {
		v.failed = true
		return nil
	}
	s, _ := v.d.read(v.u, text)
	if s == nil {
		return v.words(t, len(holes))
	}
	hole, list, kind := v.nameHole(s, holes)
	if v.failed {
		return nil
	}
	if hole < 0 {
		return v.leaf(s, text, holes)
	}
	if kind == numberList {
		return v.numbers(t, hole)
	}
	return v.branch(t, hole, list, kind)
}

func constants(t template) []string {
	var out []string
	for _, p := range t {
		if p.hole == nil {
			out = append(out, p.text)
		}
	}
	return out
}

// nameKind tells what a value names.
type nameKind int

const (
	tableName nameKind = iota
	columnName
	direction
	numberList // no name: a list of numbers in IN (...)
)

// nameHole finds the first value that stands for a name, tables first, with the names that it may be; -1 if there is none.
func (v *variants) nameHole(s ir.Stmt, holes []piece) (int, []string, nameKind) {
	hole, kind := -1, tableName
	var list []string
	var columns []*ir.Name
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.TableRef:
			if i, from := markIn(n.Name); i >= 0 && hole < 0 {
				hole, list = i, v.tables(n.Name, from, holes)
			}
		case *ir.Name:
			columns = append(columns, n)
		}
		return true
	})
	if hole >= 0 {
		return hole, list, kind
	}
	if i := v.listHole(s, holes); i >= 0 {
		return i, nil, numberList
	}
	for _, n := range columns {
		last := n.Parts[len(n.Parts)-1].Text
		i, prefix, suffix := splitMark(last)
		if i < 0 || v.isValue(n, holes[i]) {
			continue
		}
		if !n.Parts[len(n.Parts)-1].Quoted && !namesColumn(s, n) {
			v.failed = true // a value, perhaps
			return -1, nil, kind
		}
		if v.d.isJoined(holes[i].hole) {
			v.failed = true // more than a name
			return -1, nil, kind
		}
		return i, within(v.columns(s), prefix, suffix), columnName
	}
	return -1, nil, kind
}

// isJoined tells that a value is of a variable that takes texts which are put together: lists, or expressions.
func (d *dynamic) isJoined(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		x, ok := n.(ir.Expr)
		return ok && key(x) != "" && d.joined[key(x)]
	})
}

// namesColumn tells that a name stands where texts that are put together name columns: in lists of columns and on the left of
// conditions.
func namesColumn(s ir.Stmt, n *ir.Name) bool {
	return ir.Find(s, func(x ir.Node) bool {
		switch x := x.(type) {
		case *ir.OrderItem:
			return x.Expr == ir.Expr(n)
		case *ir.SelectItem:
			return x.Expr == ir.Expr(n)
		case *ir.Compare:
			return x.L == ir.Expr(n)
		case *ir.In:
			return x.X == ir.Expr(n)
		case *ir.Between:
			return x.X == ir.Expr(n)
		case *ir.Like:
			return x.X == ir.Expr(n)
		case *ir.IsNull:
			return x.X == ir.Expr(n)
		case *ir.Assign:
			return x.Column == n
		case *ir.Aggregate:
			return len(x.Args) == 1 && x.Args[0] == ir.Expr(n)
		}
		return false
	})
}

// isValue tells that a mark that reads as a name is a value: a number, or a literal made by QUOTE.
func (v *variants) isValue(n *ir.Name, p piece) bool {
	if len(n.Parts) != 1 || n.Parts[0].Quoted || !strings.HasPrefix(n.Parts[0].Text, markStart) || strings.Count(n.Parts[0].Text, markStart) != 1 || !strings.HasSuffix(n.Parts[0].Text, markEnd) {
		return false
	}
	return p.quoted || p.list || v.numeric(p.hole)
}

// listHole finds a value that is all of the list of column IN (...), where the column holds whole numbers; -1 if there is none.
func (v *variants) listHole(s ir.Stmt, holes []piece) int {
	hole := -1
	ir.Walk(s, func(n ir.Node) bool {
		in, ok := n.(*ir.In)
		if !ok || len(in.List) != 1 {
			return true
		}
		if x, ok := in.List[0].(*ir.Name); ok {
			if i, prefix, suffix := splitMark(x.Parts[0].Text); i >= 0 && prefix+suffix == "" && len(x.Parts) == 1 && !v.isValue(x, holes[i]) && v.whole(s, in.X) {
				hole = i
			}
		}
		return true
	})
	return hole
}

// whole tells that an expression is a column of whole numbers.
func (v *variants) whole(s ir.Stmt, e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	found := false
	for _, t := range v.tablesOf(s) {
		if c := t.Column(n.Parts[len(n.Parts)-1].Text); c != nil {
			if _, whole := c.Type.(types.Int); !whole {
				return false
			}
			found = true
		}
	}
	return found
}

// numbers lets a list of numbers stand in IN (...): any other text is an error.
func (v *variants) numbers(t template, hole int) []ir.Stmt {
	_, holes := marked(t)
	listed := make(template, len(t))
	copy(listed, t)
	k := 0
	for i := range listed {
		if listed[i].hole == nil {
			continue
		}
		if k == hole {
			listed[i].list = true
		}
		k++
	}
	body := v.names(listed)
	if v.failed {
		return nil
	}
	pattern := control.Text("^ *(0|-?[1-9][0-9]*)( *, *(0|-?[1-9][0-9]*))* *$")
	pattern.SetType(nil)
	c := &ir.Regexp{X: ir.Clone(holes[hole].hole), Pattern: pattern, Flavor: "icu"}
	c.Span, pattern.Span = v.n.Span, v.n.Span
	x := &ir.If{Branches: []*ir.Branch{{Cond: c, Body: body}}, Else: []ir.Stmt{v.unknown(numberList)}}
	x.Span = v.n.Span
	v.d.plain = true
	return []ir.Stmt{x}
}

// among is column IN (list of numbers in a text).
func (v *variants) among(in *ir.In, p piece) ir.Expr {
	blank, none := control.Text(" "), control.Text("")
	blank.SetType(nil)
	none.SetType(nil)
	list := &ir.Call{Op: op.Replace, Name: "REPLACE", Args: []ir.Expr{v.value(p), blank, none}}
	find := &ir.Call{Op: op.FindInSet, Name: "FIND_IN_SET", Args: []ir.Expr{in.X, list}}
	zero := control.Int("0")
	zero.SetType(nil)
	c := &ir.Compare{Op: ir.Gt, L: find, R: zero}
	if in.Not {
		c.Op = ir.Eq
	}
	for _, e := range []ir.Expr{blank, none, list, find, zero, c} {
		e.Base().Span = v.n.Span
	}
	return c
}

// numeric tells that the text of a value is always a number.
func (v *variants) numeric(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Number:
		return true
	case *ir.Name:
		switch v.d.types[strings.ToLower(x.Parts[0].Text)].(type) {
		case types.Int, types.Decimal:
			return true
		}
	case *ir.Binary:
		return x.Op <= ir.Mul && v.numeric(x.L) && v.numeric(x.R)
	}
	return false
}

// splitMark finds the only mark of a text: its number and what stands around it; -1 if there is none or more than one.
func splitMark(s string) (int, string, string) {
	prefix, rest, ok := strings.Cut(s, markStart)
	if !ok || strings.Contains(rest, markStart) {
		return -1, "", ""
	}
	digits, suffix, ok := strings.Cut(rest, markEnd)
	i, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return -1, "", ""
	}
	return i, prefix, suffix
}

// markIn finds the first mark in the parts of a name.
func markIn(q ir.QName) (hole, part int) {
	for k, x := range q.Parts {
		if i, _, _ := splitMark(x.Text); i >= 0 {
			return i, k
		}
	}
	return -1, 0
}

// tables are the names that a value in a table's name may be.
func (v *variants) tables(q ir.QName, part int, holes []piece) []string {
	_, prefix, suffix := splitMark(q.Parts[part].Text)
	seen := map[string]bool{}
	var all []string
	for _, t := range v.d.p.cat.Tables() {
		if t.Kind != catalog.BaseTable {
			continue
		}
		name := t.Name
		switch {
		case len(q.Parts) == 1 && !strings.EqualFold(t.Schema, v.d.schema):
			continue
		case len(q.Parts) == 2 && part == 0:
			name = t.Schema
		case len(q.Parts) == 2 && !strings.EqualFold(t.Schema, q.Parts[0].Text):
			continue
		}
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return within(all, prefix, suffix)
}

// within are the parts of names between a prefix and a suffix.
func within(names []string, prefix, suffix string) []string {
	var out []string
	for _, n := range names {
		if len(n) > len(prefix)+len(suffix) && strings.HasPrefix(n, prefix) && strings.HasSuffix(n, suffix) {
			out = append(out, n[len(prefix):len(n)-len(suffix)])
		}
	}
	sort.Strings(out)
	return out
}

// columns are the columns of the tables of a statement.
func (v *variants) columns(s ir.Stmt) []string {
	seen := map[string]bool{}
	var out []string
	for _, t := range v.tablesOf(s) {
		for _, c := range t.Columns {
			if k := strings.ToLower(c.Name); !seen[k] {
				seen[k] = true
				out = append(out, c.Name)
			}
		}
	}
	return out
}

func (v *variants) tablesOf(s ir.Stmt) []*catalog.Table {
	var out []*catalog.Table
	ir.Walk(s, func(n ir.Node) bool {
		if r, ok := n.(*ir.TableRef); ok {
			schema := r.Name.Schema()
			if schema == "" {
				schema = v.d.schema
			}
			if t := v.d.p.cat.Table(schema, r.Name.Name()); t != nil {
				out = append(out, t)
			}
		}
		return true
	})
	return out
}

// words tries the words of an order where the text is no statement with a name in place of the value.
func (v *variants) words(t template, holes int) []ir.Stmt {
	for i := 0; i < holes; i++ {
		text, _ := marked(replaced(t, i, "DESC"))
		if s, _ := v.d.read(v.u, text); s != nil {
			return v.branch(t, i, []string{"ASC", "DESC", ""}, direction)
		}
	}
	v.failed = true
	return nil
}

// replaced is the text with a constant in place of the value of a number.
func replaced(t template, hole int, text string) template {
	out := make(template, len(t))
	copy(out, t)
	k := 0
	for i := range out {
		if out[i].hole == nil {
			continue
		}
		if k == hole {
			out[i] = piece{text: text}
		}
		k++
	}
	return out
}

// branch chooses between the names that a value may be; any other is the error that the source raises.
func (v *variants) branch(t template, hole int, list []string, kind nameKind) []ir.Stmt {
	_, holes := marked(t)
	x := &ir.If{}
	x.Span = v.n.Span
	for i, name := range list {
		if i > 0 && strings.EqualFold(name, list[i-1]) {
			v.failed = true // one folded name for two
			return nil
		}
		body := v.fitting(replaced(t, hole, name))
		if v.failed || v.count > maxVariants {
			return nil
		}
		if len(body) == 0 {
			continue
		}
		x.Branches = append(x.Branches, &ir.Branch{Cond: v.is(holes[hole].hole, name, kind), Body: body})
	}
	if len(x.Branches) == 0 {
		v.failed = true
		return nil
	}
	x.Else = []ir.Stmt{v.unknown(kind)}
	v.d.named = true
	return []ir.Stmt{x}
}

// is compares a value with a name; case counts in names of tables, unless the server folds them.
func (v *variants) is(value ir.Expr, name string, kind nameKind) ir.Expr {
	text := control.Text(name)
	text.Span = v.n.Span
	text.SetType(nil)
	c := &ir.Compare{Op: ir.Eq, L: ir.Clone(value), R: text}
	c.Span = v.n.Span
	if kind == tableName && !v.d.p.cat.FoldTables {
		exact := &ir.Collate{X: text, Name: ir.Qualified("", "utf8mb4_bin")}
		exact.Span = v.n.Span
		c.R = exact
	}
	return c
}

// fitting are the statements of a text whose names are all there; none if a column is missing.
func (v *variants) fitting(t template) []ir.Stmt {
	text, holes := marked(t)
	if s, _ := v.d.read(v.u, text); s != nil {
		if i, _, _ := v.nameHole(s, holes); i < 0 && !v.columnsThere(s, holes) {
			return nil
		}
	}
	return v.names(t)
}

// columnsThere tells that every name of a statement over tables of the catalog is one of their columns, or an alias.
func (v *variants) columnsThere(s ir.Stmt, holes []piece) bool {
	there := map[string]bool{}
	for _, c := range v.columns(s) {
		there[strings.ToLower(c)] = true
	}
	ir.Walk(s, func(n ir.Node) bool {
		if it, ok := n.(*ir.SelectItem); ok && it.Alias.Text != "" {
			there[strings.ToLower(it.Alias.Text)] = true
		}
		return true
	})
	return !ir.Find(s, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		if i, _, _ := splitMark(x.Parts[0].Text); i >= 0 && v.isValue(x, holes[i]) {
			return false
		}
		return !there[strings.ToLower(x.Parts[len(x.Parts)-1].Text)]
	})
}

// unknown raises the error of the source for a name that is not there.
func (v *variants) unknown(kind nameKind) ir.Stmt {
	state, message := "42S02", "The table does not exist"
	switch kind {
	case columnName:
		state, message = "42S22", "The column does not exist"
	case numberList:
		state, message = "42000", "The list is not one of numbers"
	case direction:
		state, message = "42000", "The order is neither ASC nor DESC"
	}
	text := control.Text(message)
	text.SetType(nil)
	s := &ir.Signal{Condition: &ir.Condition{Kind: ir.ByState, State: state}, Items: []*ir.SignalItem{{Name: "MESSAGE_TEXT", Value: text}}}
	s.Span = v.n.Span
	return s
}

// leaf is the statement of a text in which no names are left to choose: its values stand in their places.
func (v *variants) leaf(s ir.Stmt, text string, holes []piece) []ir.Stmt {
	v.count++
	left := strings.Count(text, markStart)
	plain := false
	s = ir.Map(s, func(n ir.Node) ir.Node {
		in, ok := n.(*ir.In)
		if !ok || len(in.List) != 1 {
			return n
		}
		if x, ok := in.List[0].(*ir.Name); ok {
			if i, _, _ := splitMark(x.Parts[0].Text); i >= 0 && holes[i].list {
				left--
				return v.among(in, holes[i])
			}
		}
		return n
	})
	s = ir.Map(s, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Name:
			if i, _, _ := splitMark(n.Parts[0].Text); i >= 0 && v.isValue(n, holes[i]) {
				left--
				return v.value(holes[i])
			}
		case *ir.String:
			if k := strings.Count(n.Value, markStart); k > 0 {
				left -= k
				plain = true
				return v.literal(n, holes)
			}
		case *ir.SelectItem:
			if strings.Contains(n.Label, markStart) {
				n.Label = "?"
			}
		}
		return n
	})
	own := v.qualify(s)
	if left != 0 || !v.d.fits(s, v.n, own) {
		v.failed = true
		return nil
	}
	v.d.plain = v.d.plain || plain
	return []ir.Stmt{v.d.place(s, v.n)}
}

func (v *variants) value(p piece) ir.Expr {
	e := ir.Clone(p.hole)
	e.Base().Span = v.n.Span
	return e
}

// literal is a literal with values in it as a concatenation.
func (v *variants) literal(s *ir.String, holes []piece) ir.Expr {
	var args []ir.Expr
	add := func(text string) {
		if text != "" {
			x := ir.Clone(s)
			x.Value, x.Span = text, v.n.Span
			args = append(args, x)
		}
	}
	rest := s.Value
	for {
		before, after, ok := strings.Cut(rest, markStart)
		add(before)
		if !ok {
			break
		}
		digits, tail, _ := strings.Cut(after, markEnd)
		i, err := strconv.Atoi(digits)
		if err != nil || i >= len(holes) || holes[i].quoted {
			v.failed = true
			return s
		}
		args = append(args, v.value(holes[i]))
		rest = tail
	}
	if len(args) == 1 && !v.numeric(args[0]) {
		return args[0]
	}
	c := &ir.Concat{Args: args, Null: ir.NullPropagates}
	c.Span = v.n.Span
	return c
}

// stored marks the names of columns that a statement stores into: no variable stands there.
func stored(s ir.Stmt, own map[*ir.Name]bool) {
	var sets []*ir.Assign
	switch s := s.(type) {
	case *ir.Insert:
		for _, c := range s.Columns {
			own[c] = true
		}
		sets = s.OnDuplicate
	case *ir.Update:
		sets = s.Sets
	}
	for _, a := range sets {
		own[a.Column] = true
	}
}

// qualify puts the table before columns that are called like variables of the routine, where there is one table only.
func (v *variants) qualify(s ir.Stmt) map[*ir.Name]bool {
	var refs []*ir.TableRef
	ir.Walk(s, func(n ir.Node) bool {
		if r, ok := n.(*ir.TableRef); ok {
			refs = append(refs, r)
		}
		return true
	})
	own := map[*ir.Name]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok && x.Span.File == v.n.Span.File {
			own[x] = true // a value
		}
		return true
	})
	stored(s, own)
	tables := v.tablesOf(s)
	if len(refs) != 1 || len(tables) != 1 {
		return own
	}
	if _, insert := s.(*ir.Insert); insert {
		return own
	}
	called := refs[0].Alias
	if called.Text == "" {
		called = ir.Ident{Text: refs[0].Name.Name()}
	}
	ir.Walk(s, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if ok && len(x.Parts) == 1 && !own[x] && tables[0].Column(x.Parts[0].Text) != nil && v.d.locals[strings.ToLower(x.Parts[0].Text)] > 0 {
			x.Parts = []ir.Ident{called, x.Parts[0]}
			own[x] = true
		}
		return true
	})
	return own
}
