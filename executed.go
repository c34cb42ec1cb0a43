package godwit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"godwit/emit/postgres"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/dynamicsql"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser"
	"godwit/parser/scan"
)

// Programs of PL/SQL execute definitions as texts. Where the text is known, the definition is converted as a unit of its own, and a rule puts
// what it becomes in place of EXECUTE IMMEDIATE. Parts of the text that are known at run time only may be names: a name stands for
// each of them while the definition is converted.

// executedDeclarer is the resolver of a dialect whose programs execute definitions as texts.
type executedDeclarer interface {
	DeclareExecuted(u *ir.Unit)
}

// executed finds the definitions that the programs of a unit execute.
func (d *dynamic) executed(u *Unit, s ir.Stmt) {
	if !ir.Find(s, func(n ir.Node) bool {
		_, execute := n.(*ir.Execute)
		return execute || execDDL(n) != nil
	}) {
		return
	}
	switch s := s.(type) {
	case *ir.Package:
		d.members(u, s.Decls)
		if s.Init != nil {
			d.programOf(u, s, s.Init)
		}
	case *ir.TypeBody:
		for _, m := range s.Methods {
			d.programOf(u, m.Routine, m.Routine.Body)
		}
	case *ir.CreateTrigger:
		for _, x := range s.Sections {
			d.programOf(u, x, x.Body)
		}
		d.programOf(u, s, s.Body)
	case *ir.Routine:
		d.programOf(u, s, s.Body)
	case *ir.Block:
		d.programOf(u, s, s)
		u.busy = busy(s)
	}
}

func (d *dynamic) members(u *Unit, decls []ir.Decl) {
	for _, x := range decls {
		if r, ok := x.(*ir.RoutineDecl); ok {
			d.programOf(u, r.Routine, r.Routine.Body)
		}
	}
}

// programOf follows the texts of one program.
func (d *dynamic) programOf(u *Unit, around ir.Node, body ir.Stmt) {
	if b, ok := body.(*ir.Block); ok && b != nil {
		in := d.p.newDynamic()
		in.defining = true
		in.follow(around)
		in.stmt(u, b)
	}
}

// follow tells the variables whose texts can be followed: those that are declared once, and change in assignments of the program that
// declares them only.
func (d *dynamic) follow(program ir.Node) {
	d.locals, d.types = map[string]int{}, map[string]types.Type{}
	owner := map[string]int{}
	routines := 0
	var walk func(n ir.Node, in int)
	walk = func(n ir.Node, in int) {
		switch x := n.(type) {
		case *ir.Routine:
			routines++
			in = routines
		case *ir.Goto:
			d.locals = nil
		case *ir.VarDecl:
			k := strings.ToLower(x.Name.Text)
			owner[k] = in
			d.declared(k, x.Type)
		case *ir.ParamDecl:
			d.declared(strings.ToLower(x.Name.Text), nil)
		}
		if d.locals == nil {
			return
		}
		for _, e := range control.Written(n) {
			if _, plain := n.(*ir.SetItem); !plain || owner[rootKey(e)] != in {
				d.locals[rootKey(e)]++ // not by an assignment of its own program
			}
		}
		ir.Children(n, func(c ir.Node) { walk(c, in) })
	}
	walk(program, 0)
}

func (d *dynamic) declared(k string, t types.Type) {
	d.locals[k]++
	d.types[k] = t
}

// rootKey names the variable that an expression is, or is a part of.
func rootKey(e ir.Expr) string {
	switch x := e.(type) {
	case *ir.Name:
		return strings.ToLower(x.Parts[0].Text)
	case *ir.Invoke:
		return rootKey(x.X)
	case *ir.NamedArg:
		return rootKey(x.Value)
	}
	return ""
}

// forgetCalls forgets what calls and assignments below a node may change.
func (d *dynamic) forgetCalls(n ir.Node) {
	ir.Walk(n, func(x ir.Node) bool {
		if v, ok := x.(*ir.Invoke); ok && !prints(v) {
			for _, a := range v.Args {
				d.lose(rootKey(a)) // OUT, perhaps
			}
		}
		for _, e := range control.Written(x) {
			d.lose(rootKey(e))
		}
		return true
	})
}

// prints tells a call of DBMS_OUTPUT, which changes nothing.
func prints(v *ir.Invoke) bool {
	n, ok := v.X.(*ir.Name)
	return ok && len(n.Parts) > 1 && n.Parts[len(n.Parts)-2].Text == "DBMS_OUTPUT"
}

// execDDL is the text of a call of DBMS_UTILITY.EXEC_DDL_STATEMENT, nil if the node is none.
func execDDL(n ir.Node) ir.Expr {
	s, ok := n.(*ir.Invocation)
	if !ok {
		return nil
	}
	v, ok := s.X.(*ir.Invoke)
	if !ok || len(v.Args) != 1 {
		return nil
	}
	f, ok := v.X.(*ir.Name)
	if !ok || len(f.Parts) < 2 || f.Parts[len(f.Parts)-1].Text != "EXEC_DDL_STATEMENT" || f.Parts[len(f.Parts)-2].Text != "DBMS_UTILITY" {
		return nil
	}
	if a, ok := v.Args[0].(*ir.NamedArg); ok {
		return a.Value
	}
	return v.Args[0]
}

// plStmt follows one statement of PL/SQL; false leaves it to what all dialects have in common.
func (d *dynamic) plStmt(u *Unit, s ir.Stmt) (ir.Stmt, bool) {
	switch n := s.(type) {
	case *ir.Invocation:
		if text := execDDL(n); text != nil {
			x := &ir.Execute{Text: text}
			x.Meta = n.Meta
			d.define(u, x)
			return x, true
		}
	case *ir.Execute:
		d.define(u, n)
		d.forgetCalls(n)
		return n, true
	case *ir.SetVar:
		for _, it := range n.Items {
			v, ok := d.text(it.Value)
			d.forgetCalls(it)
			if k := key(it.Target); ok && d.follows(k, v) && !v.reads(k) {
				d.values[k] = v
			}
		}
		return n, true
	case *ir.Block:
		d.plBlock(u, n)
		return n, true
	}
	return nil, false
}

// follows tells that a variable takes a text that is followed.
func (d *dynamic) follows(k string, v template) bool {
	t, ok := d.types[k].(types.Text)
	if !ok || k == "" || d.locals[k] != 1 || t.Fixed {
		return false
	}
	text, constant := v.constant()
	return !constant || t.N == 0 || int64(len(text)) <= int64(t.N)
}

func (d *dynamic) plBlock(u *Unit, n *ir.Block) {
	for _, x := range n.Decls {
		switch x := x.(type) {
		case *ir.RoutineDecl:
			d.programOf(u, x.Routine, x.Routine.Body)
		case *ir.VarDecl:
			k := strings.ToLower(x.Name.Text)
			delete(d.values, k)
			if x.Default == nil {
				continue
			}
			if v, ok := d.text(x.Default); ok && d.follows(k, v) {
				d.values[k] = v
			}
		}
	}
	if len(n.Catches) == 0 {
		n.Body = d.list(u, n.Body)
		return
	}
	before := d.child()
	n.Body = d.inner(u, n, n.Body, false)
	before.forgetCalls(n)
	for _, c := range n.Catches {
		c.Body = before.inner(u, c, c.Body, false)
	}
	d.forgetCalls(n)
}

// holeOf tells that a part of a text that is put together is a variable, or a field of one, whose value is followed.
func (d *dynamic) holeOf(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	return ok && len(n.Parts) <= 2 && d.locals[rootKey(n)] == 1
}

// define converts the definition that EXECUTE IMMEDIATE runs, if its text holds one.
func (d *dynamic) define(u *Unit, n *ir.Execute) {
	if n.Text == nil || len(n.Into)+len(n.Using)+len(n.Returning) > 0 {
		return
	}
	text, parts, whole := d.definition(n.Text)
	word := dynamicsql.FirstWord(text)
	if !dynamicsql.Defines(word) || word == "TRUNCATE" && len(parts) == 0 {
		return
	}
	if strings.HasSuffix(strings.TrimSpace(text), ";") {
		return // the source refuses it (ORA-00911)
	}
	us, marks := d.parseDefinition(u, text, len(parts))
	if us == nil {
		return
	}
	in := newUnit(us)
	if in.Settings == nil {
		in.Settings = u.Settings
	}
	in.Executed, in.made = true, in.Stmts[0]
	if whole != nil {
		n.Text = whole
	}
	n.Defines = &ir.Definition{Unit: in.Unit, Parts: parts, Marks: marks}
	in.defines = n.Defines
	u.inner = append(u.inner, in)
}

// partName is the name, and partNumber the number, that stands for a part of a text that is known at run time only.
func partName(i int) string   { return fmt.Sprintf("GODWIT_PART_%dX", i+1) }
func partNumber(i int) string { return strconv.Itoa(31901 + i) }

// maxNumbers is up to how many unknown parts are tried as numbers.
const maxNumbers = 4

// parseDefinition parses a text. What is not known in it is a name or, where the text cannot be read so, a number.
func (d *dynamic) parseDefinition(u *Unit, text string, parts int) (*ir.Unit, []string) {
	var first *ir.Unit
	var names []string
	for numbers := range 1 << min(parts, maxNumbers) {
		marked, marks := text, make([]string, parts)
		for i := range parts {
			marks[i] = partName(i)
			if numbers>>i&1 == 1 {
				marks[i] = partNumber(i)
				marked = strings.ReplaceAll(marked, partName(i), marks[i])
			}
		}
		us, err := parser.Parse(source.NewFile("executed statement", marked), d.executedOptions(u))
		if err != nil || len(us) != 1 || len(us[0].Stmts) != 1 {
			return nil, nil
		}
		if _, bad := us[0].Stmts[0].(*ir.Unsupported); !bad {
			return us[0], marks
		}
		if first == nil {
			first, names = us[0], marks
		}
	}
	return first, names
}

func (d *dynamic) executedOptions(u *Unit) scan.Options {
	settings := u.Settings
	if settings == nil {
		settings = d.p.opt.Settings
	}
	o := d.p.scanOptions(settings)
	o.Statement = true
	return o
}

// definition is the text of a definition with names in place of what is known at run time only; whole is the expression that gives the
// text, nil for the one that is there.
func (d *dynamic) definition(e ir.Expr) (text string, parts []int, whole ir.Expr) {
	var args []ir.Expr
	if t, ok := d.text(e); ok {
		if _, direct := e.(*ir.Concat); !direct || len(t) == len(e.(*ir.Concat).Args) {
			args = t.args(e)
			if _, constant := t.constant(); !constant {
				whole = &ir.Concat{Args: args, Null: ir.NullSkipped}
				whole.Base().Span = e.Base().Span
			}
		}
	}
	if c, ok := e.(*ir.Concat); ok && args == nil {
		args = c.Args
	}
	var b strings.Builder
	for i, a := range args {
		t, ok := d.text(a)
		if c, constant := t.constant(); ok && constant {
			b.WriteString(c)
			continue
		}
		b.WriteString(partName(len(parts)))
		parts = append(parts, i)
	}
	return b.String(), parts, whole
}

// args are the pieces of a text as expressions.
func (t template) args(at ir.Expr) []ir.Expr {
	var out []ir.Expr
	for _, p := range t {
		x := p.hole
		if x == nil {
			s := &ir.String{Value: p.text}
			s.Span = at.Base().Span
			out = append(out, s)
			continue
		}
		out = append(out, ir.Clone(x))
	}
	return out
}

// declareInner enters what programs make by executing texts, behind all that the script defines.
func (p *pipeline) declareInner(us []*Unit) {
	if p.executed == nil {
		return
	}
	for _, u := range us {
		for _, in := range u.inner {
			if len(in.defines.Parts) == 0 {
				p.guard(in, "declare", func() {
					p.executed.DeclareExecuted(in.Unit)
					p.dependents.declared(in)
				})
			}
		}
	}
}

// makesTables names the first table of a block that does nothing but make tables and what belongs to them, so that it stands where tables
// do; ok is false for all other units.
func makesTables(u *Unit) (t *catalog.Table, ok bool) {
	for _, in := range u.inner {
		if len(in.defines.Parts) > 0 || len(in.Stmts) == 0 {
			return nil, false
		}
		switch s := in.made.(type) {
		case *ir.CreateTable:
			if s.As != nil || s.Object == nil || len(s.Object.ForeignKeys) > 0 {
				return nil, false
			}
			if t == nil {
				t = s.Object
			}
		case *ir.CreateSequence, *ir.CreateIndex, *ir.CommentOn:
		default:
			return nil, false
		}
	}
	return t, t != nil && !u.busy
}

// busy tells that a block changes rows, calls something, or reads tables of its own.
func busy(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.CallProc, *ir.RoutineCall:
			return true
		case *ir.Execute:
			return n.Defines == nil
		case *ir.Invocation:
			v, ok := n.X.(*ir.Invoke)
			return !ok || !prints(v)
		case *ir.TableRef:
			return !strings.HasPrefix(n.Name.Name(), "USER_") && !strings.HasPrefix(n.Name.Name(), "ALL_") && n.Name.Name() != "DUAL"
		}
		return false
	})
}

// unmarked takes the names that stand for parts which are not known out of what is said to a person.
func (in *Unit) unmarked() {
	for i := range in.Findings {
		f := &in.Findings[i]
		for _, m := range in.defines.Marks {
			f.Message = strings.ReplaceAll(f.Message, m, "(a name that is known at run time only)")
		}
	}
}

// lowerInner converts the definitions that a unit executes, in front of it.
func (p *pipeline) lowerInner(u *Unit) {
	for _, in := range u.inner {
		if in.defines.SQL != nil || isRefused(in.Unit) {
			continue // the unit is converted again
		}
		if why := executable(in); why != "" {
			in.Report(dynamicsql.NotExecuted.New(in.Source, "%s", why))
			p.refuse(in, dynamicsql.NotExecuted.ID, why)
			continue
		}
		p.withHoles(in, func() {
			p.resolve(p.res, in)
			if !isRefused(in.Unit) {
				p.prepare([]*Unit{in})
			}
			p.lower(in)
		})
		in.unmarked()
		if in.Status == diag.Refused || isRefused(in.Unit) {
			continue
		}
		in.defines.SQL = []string{}
		for _, o := range in.Outputs {
			in.defines.SQL = append(in.defines.SQL, o.SQL)
		}
	}
}

// executable says why a definition cannot be converted where a program executes it, "" if it can.
func executable(in *Unit) string {
	open := len(in.defines.Parts) > 0
	switch s := in.Stmts[0].(type) {
	case *ir.Drop, *ir.Grant, *ir.CreateSequence, *ir.Truncate, *ir.CommentOn, *ir.Synonym, *ir.SetConstraints, *ir.RenameIndex:
		return ""
	case *ir.CreateTable, *ir.CreateIndex:
		return ""
	case *ir.CreateView, *ir.MaterializedView, *ir.RenameTables:
		if !open {
			return ""
		}
	case *ir.CommentStmt, *ir.SetVar, *ir.Nothing, *ir.Invocation: // the last of ANALYZE
		if !open {
			return ""
		}
	case *ir.AlterTable:
		for _, a := range s.Actions {
			if open && !slices.Contains([]string{"add column", "drop column", "drop constraint", "enable triggers", "disable triggers"}, a.Kind) {
				return fmt.Sprintf("ALTER TABLE (%s) of a table that is not known", a.Kind)
			}
		}
		return ""
	case *ir.Unsupported:
		return s.What
	}
	if open {
		return "a definition with parts that are not known"
	}
	return "a definition of this kind that a program executes"
}

// withHoles lets the names that stand for unknown parts be those of tables of which nothing is known, while f runs.
func (p *pipeline) withHoles(in *Unit, f func()) {
	if len(in.defines.Parts) == 0 {
		f()
		return
	}
	if p.alone != nil {
		p.alone()
	}
	made := ""
	switch s := in.Stmts[0].(type) {
	case *ir.CreateTable:
		made = s.Name.Name()
		p.executed.DeclareExecuted(in.Unit)
	}
	for _, n := range in.defines.Marks {
		if n != made {
			p.cat.AddTable(&catalog.Table{Schema: p.res.Schema(), Name: n, Target: postgres.Fold(n)})
		}
	}
	if _, ok := in.Stmts[0].(*ir.CreateTable); !ok {
		p.executed.DeclareExecuted(in.Unit)
	}
	f()
	for _, n := range in.defines.Marks {
		p.cat.DropTable(p.res.Schema(), n)
	}
	if made != "" {
		p.cat.DropTable(p.res.Schema(), made)
	}
}
