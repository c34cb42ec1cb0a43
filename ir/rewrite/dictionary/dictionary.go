// Package dictionary holds the rule for the views of Oracle's data dictionary.
package dictionary

import (
	"slices"
	"sort"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "NM0350"

var (
	described = &diag.Code{
		ID: "NM0351", Title: "The data dictionary describes the target's objects", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The query asks for the objects that are there, and gets those of the target, their names in upper case as the source has them. The user's own objects are those of the current schema; the objects of
packages and other owners are in schemas of their own. Everything is valid and enabled that is there.`,
		Next: "Check what the query is for: helper objects of the conversion are among the target's objects.",
	}
	fromTarget = &diag.Code{
		ID: "NM0352", Title: "A column of the data dictionary that the target fills in its own way", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc: `Names of keys, indexes and triggers may be those that the conversion or the server gave them, types are told from the target's, which are fewer; numbers of rows are estimates of another server, owners are schemas, and the words of
the server's version are its own. NOT NULL is no constraint of its own, and columns of whole numbers have checks of their digits. What these columns show may differ.`,
		Next: "Check what depends on the value.", Each: 0.1,
	}
	noColumn = &diag.Code{
		ID: "NM0353", Title: "A column of the data dictionary without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The column tells about the source's storage, times of change, or gives text in the source's language. The target has no value that means the same.",
		Next:  "Leave the column out, or use the target's own functions: pg_total_relation_size (sizes), pg_get_viewdef and pg_get_functiondef (definitions), pg_get_expr (defaults).",
		Learn: 0.2, Each: 0.3,
	}
)

var wholeRow = &diag.Code{
	ID: "NM0354", Title: "All columns of a view of the data dictionary", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The views of the data dictionary have columns about the source's server that the target does not have, so that * cannot mean the same, but in loops that ask for columns by name.",
	Next: "Name the columns that are needed.", Each: 0.2,
}

// Rule is NM0350.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "dictionary",
		Doc: `Views of the data dictionary (Database Reference, "Static Data Dictionary Views") become views of the helper schema, which show the target's objects with the source's columns, words and
spelling of names: what the target has in lower case is in upper case there. USER_ views show the current schema, ALL_ and DBA_ views all schemas but those of the server. Columns and views that have no counterpart are refused by name.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Source: "SELECT COUNT(*) FROM user_tables WHERE table_name = 'EMP';",
				Target: "SELECT count(*) FROM godwit_oracle.user_tables WHERE table_name = 'EMP';"},
			{From: dialect.Oracle, Source: "SELECT c.column_name FROM all_tab_columns c WHERE c.owner = USER AND c.table_name = UPPER('emp') ORDER BY c.column_id;",
				Target: "SELECT c.column_name\nFROM godwit_oracle.all_tab_columns AS c\nWHERE c.owner = godwit_oracle.sys_context('USERENV', 'CURRENT_SCHEMA')\n  AND c.table_name = upper('emp')\nORDER BY c.column_id;"},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{described, fromTarget, noColumn, wholeRow},
		Looks:    ir.Kinds(ir.HasSystemTable),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p: p, approximate: map[string]bool{}, named: map[*ir.Select]bool{}}
			for _, s := range p.Unit.Stmts {
				ir.Walk(s, l.look)
			}
			if !l.found || p.Refused() {
				return
			}
			p.Nodes(l.owners)
			l.report()
		},
	}
}

type lowering struct {
	p     *rewrite.Pass
	found bool
	at    ir.Node
	// named are queries whose columns are asked for by name, where * means those.
	named       map[*ir.Select]bool
	approximate map[string]bool
}

// isView tells a view of the data dictionary.
func isView(t *catalog.Table) bool { return t != nil && t.Dictionary }

// look finds the views and what of them the target does not have.
func (l *lowering) look(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.TableRef:
		l.table(n)
	case *ir.Exists:
		if s, ok := n.Query.(*ir.Select); ok {
			l.named[s] = true
		}
	case *ir.Loop:
		l.loop(n)
	case *ir.Select:
		l.stars(n)
	case *ir.Name:
		l.column(n)
		if f, ok := n.Ref.(*ir.FieldRef); ok {
			l.field(n, f.Of, f.Field)
		}
	case *ir.Field:
		l.field(n, n.X, n.Name)
	}
	return true
}

// field refuses a field of a row of a view that the view of the target lacks: in a map it would be NULL.
func (l *lowering) field(at ir.Node, of ir.Expr, name string) {
	t := ir.OfDictionary(of)
	if t == nil {
		return
	}
	if c := t.Column(name); c != nil && c.Target == "" {
		rewrite.Refuse(l.p, noColumn, at.Base().Span, "column %s of %s has no counterpart", c.Name, t.Name)
	}
}

// loop lets * stand for the columns that the loop asks for by name; it is refused where the row is used as a whole.
func (l *lowering) loop(n *ir.Loop) {
	q, ok := n.Query.(*ir.Select)
	if !ok || n.Var == nil {
		return
	}
	var stars []*catalog.Table
	tree.EachStar(q, func(_ *ir.Star, t *catalog.Table) {
		if isView(t) {
			stars = append(stars, t)
		}
	})
	if len(stars) == 0 {
		return
	}
	asked := map[string]ir.Node{}
	whole := ir.Find(&ir.Block{Body: n.Body}, func(x ir.Node) bool {
		v, ok := x.(*ir.Name)
		if !ok {
			return false
		}
		if ref, ok := v.Ref.(*ir.FieldRef); ok {
			if of, ok := ref.Of.(*ir.Name); ok && isVar(of, n.Var) {
				asked[strings.ToUpper(ref.Field)] = v
			}
			return false
		}
		return isVar(v, n.Var)
	})
	if whole {
		return
	}
	l.named[q] = true
	for _, t := range stars {
		for _, c := range t.Columns {
			if at := asked[c.Name]; at != nil {
				l.uses(at, t, c)
			}
		}
	}
}

func isVar(n *ir.Name, v *ir.VarDecl) bool {
	r, ok := n.Ref.(*ir.VarRef)
	return ok && r.Decl == v
}

// table keeps the name that columns are qualified with.
func (l *lowering) table(n *ir.TableRef) {
	if !isView(n.Table) {
		return
	}
	if !l.found {
		l.found, l.at = true, n
	}
	l.p.Unit.NeedHelper(n.Table.Target)
	if n.Alias.Text == "" && !strings.EqualFold(n.Name.Name(), n.Table.Target) {
		n.Alias = ir.Ident{Text: n.Name.Name()}
	}
}

func (l *lowering) column(n *ir.Name) {
	if t, c := columnOf(n); t != nil {
		l.uses(n, t, c)
	}
}

// uses notes the use of a column of a view.
func (l *lowering) uses(n ir.Node, t *catalog.Table, c *catalog.Column) {
	switch {
	case c.Target == "":
		rewrite.Refuse(l.p, noColumn, n.Base().Span, "column %s of %s has no counterpart", c.Name, t.Name)
	case approximate(t.Name, c.Name):
		l.approximate[c.Name] = true
	}
}

// columnOf tells the view and the column of a name that is one.
func columnOf(e ir.Expr) (*catalog.Table, *catalog.Column) {
	n, ok := e.(*ir.Name)
	if !ok {
		return nil, nil
	}
	r, ok := n.Ref.(*ir.ColumnRef)
	if !ok || !isView(r.Table) || r.Column == nil {
		return nil, nil
	}
	return r.Table, r.Column
}

// ownWay are the columns that the target fills in its own way, by the end of the view's name.
var ownWay = map[string]string{
	"TABLES": "NUM_ROWS LAST_ANALYZED", "TAB_COLUMNS": "DATA_TYPE DATA_LENGTH DATA_PRECISION DATA_SCALE CHAR_LENGTH", "TAB_COLS": "DATA_TYPE DATA_LENGTH DATA_PRECISION DATA_SCALE CHAR_LENGTH",
	"SEQUENCES": "LAST_NUMBER MAX_VALUE", "INDEXES": "INDEX_TYPE", "CONSTRAINTS": "CONSTRAINT_NAME R_CONSTRAINT_NAME INDEX_NAME R_OWNER", "CONS_COLUMNS": "CONSTRAINT_NAME", "TRIGGERS": "TRIGGER_NAME", "PROCEDURES": "OBJECT_NAME PROCEDURE_NAME OBJECT_TYPE",
	"USERS": "USERNAME", "V$SESSION": "PROGRAM MODULE MACHINE", "V$INSTANCE": "VERSION INSTANCE_NAME", "V$DATABASE": "NAME", "V$VERSION": "BANNER BANNER_FULL",
}

func approximate(view, column string) bool {
	for _, p := range []string{"USER_", "ALL_", "DBA_"} {
		if rest, ok := strings.CutPrefix(view, p); ok {
			view = rest
			break
		}
	}
	return slices.Contains(strings.Fields(ownWay[view]), column)
}

// stars refuses * over a view where it is not only asked for columns by name.
func (l *lowering) stars(s *ir.Select) {
	if l.named[s] {
		return
	}
	tree.EachStar(s, func(st *ir.Star, t *catalog.Table) {
		if isView(t) {
			rewrite.Refuse(l.p, wholeRow, st.Span, "* stands for all columns of %s", t.Name)
		}
	})
}

// owners compares owners with the current schema where the source compares them with the user, which is the same there; constraints are
// asked for by their kind.
func (l *lowering) owners(n ir.Node) ir.Node {
	switch n := n.(type) {
	case *ir.Compare:
		l.pair(n.L, &n.R)
		l.pair(n.R, &n.L)
	case *ir.In:
		for i := range n.List {
			l.pair(n.X, &n.List[i])
		}
	case *ir.Like:
		l.pair(n.X, &n.Pattern)
	}
	return n
}

func (l *lowering) pair(column ir.Expr, value *ir.Expr) {
	t, c := columnOf(bare(column))
	switch {
	case t == nil:
	case c.Name == "OWNER" || strings.HasSuffix(c.Name, "_OWNER"):
		l.owner(c.Name, value)
	case c.Name == "CONSTRAINT_TYPE":
		if s, ok := bare(*value).(*ir.String); !ok || s.Value == "C" {
			l.approximate[c.Name] = true
		}
	case c.Name == "OBJECT_TYPE":
		if s, ok := bare(*value).(*ir.String); !ok || !shown(s.Value) {
			l.approximate[c.Name] = true
		}
	}
}

// shown tells a kind of objects that the target has as the source does.
func shown(kind string) bool {
	switch kind {
	case "TABLE", "VIEW", "INDEX", "SEQUENCE", "MATERIALIZED VIEW", "PROCEDURE", "FUNCTION":
		return true
	}
	return false
}

func (l *lowering) owner(column string, value *ir.Expr) {
	switch v := bare(*value).(type) {
	case *ir.Pseudo:
		if v.Name == "user" {
			space, name := &ir.String{Value: "USERENV"}, &ir.String{Value: "CURRENT_SCHEMA"}
			for _, s := range []*ir.String{space, name} {
				s.Span, s.Type = v.Span, types.Text{}
			}
			*value = l.p.Helper("sys_context", v, space, name)
			return
		}
	case *ir.Call:
		if v.Op == op.OraSysContext {
			return
		}
	case *ir.Name:
		if t, _ := columnOf(v); t != nil {
			return
		}
	}
	l.approximate[column] = true
}

func bare(e ir.Expr) ir.Expr {
	for {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.X
	}
}

func (l *lowering) report() {
	l.p.Report(described, l.at.Base().Span, "the data dictionary is answered from the target's catalog")
	if len(l.approximate) == 0 {
		return
	}
	list := make([]string, 0, len(l.approximate))
	for c := range l.approximate {
		list = append(list, c)
	}
	sort.Strings(list)
	l.p.Report(fromTarget, l.at.Base().Span, "%s as the target has it", strings.Join(list, ", "))
}
