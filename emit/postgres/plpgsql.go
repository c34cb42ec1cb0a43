package postgres

import (
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// body prints statements, each on lines of its own and closed by a semicolon.
func (p *printer) body(list []ir.Stmt) emit.Doc {
	var docs []emit.Doc
	for i, s := range list {
		if i > 0 {
			docs = append(docs, emit.Hard)
		}
		docs = append(docs, p.closed(s))
	}
	if len(docs) == 0 {
		return txt("NULL;")
	}
	return emit.Cat(docs...)
}

// closed is a statement of a body with its semicolon. Plain blocks and lists of assignments give several statements.
func (p *printer) closed(s ir.Stmt) emit.Doc {
	switch s := s.(type) {
	case *ir.Block:
		if s.Label == "" && len(s.Decls) == 0 && len(s.Except) == 0 {
			return emit.Mark(s.Base(), p.body(s.Body))
		}
	case *ir.SetVar:
		return emit.Mark(s.Base(), p.assignments(s))
	case *ir.Do:
		docs := make([]emit.Doc, len(s.Items))
		for i, x := range s.Items {
			docs[i] = emit.Cat(p.discard(x), txt(";"))
		}
		return emit.Mark(s.Base(), emit.Join(emit.Hard, docs))
	case *ir.CommentStmt:
		return emit.Mark(s.Base(), commentLines(s.Text))
	}
	return emit.Cat(p.stmt(s), txt(";"))
}

func (p *printer) assignments(s *ir.SetVar) emit.Doc {
	docs := make([]emit.Doc, len(s.Items))
	for i, it := range s.Items {
		n := p.assigned(it.Target)
		if n == nil || it.Value == nil {
			p.fail(it, "SET of something that is no variable of the routine")
			docs[i] = txt("NULL;")
			continue
		}
		value := emit.Nest(emit.Line, p.any(it.Value))
		if enclosed(it.Value) {
			value = emit.Cat(txt(" "), p.any(it.Value))
		}
		docs[i] = emit.Mark(it.Base(), emit.Group(n, txt(" :="), value, txt(";")))
	}
	return emit.Join(emit.Hard, docs)
}

// assigned prints what is assigned: a variable, an element of an array in one, or a field of such an element; nil for anything else.
func (p *printer) assigned(x ir.Expr) emit.Doc {
	switch x := x.(type) {
	case *ir.Name:
		return p.name(x)
	case *ir.Subscript:
		if d := p.assigned(x.X); d != nil {
			return emit.Cat(d, txt("["), p.any(x.Index), txt("]"))
		}
	case *ir.Field:
		if d := p.assigned(x.X); d != nil {
			return emit.Cat(d, txt("."+Quote(x.Name)))
		}
	}
	return nil
}

// enclosed tells that a value brings its own brackets, so that it breaks inside of them and needs no line of its own.
func enclosed(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Subquery, *ir.Case:
		return true
	case *ir.HelperCall:
		return len(x.Args) > 0
	case *ir.RoutineCall:
		return len(x.Args) > 0
	case *ir.TargetCall:
		return len(x.Args) > 0
	case *ir.Call:
		return len(x.Args) > 0 && !strings.ContainsAny(functions[x.Op].template(len(x.Args), x.Unit, x.Word), "($")
	case *ir.Cast:
		return enclosed(x.X)
	}
	return false
}

// discard evaluates a value and throws it away.
func (p *printer) discard(x ir.Expr) emit.Doc { return emit.Cat(txt("PERFORM "), p.any(x)) }

func (p *printer) perform(s *ir.Perform) emit.Doc {
	word := "PERFORM"
	if !p.pl {
		word = "SELECT"
	}
	if s.Expr != nil {
		return emit.Cat(txt(word+" "), p.any(s.Expr))
	}
	q, plain := s.Query.(*ir.Select)
	switch {
	case !p.pl:
		return p.query(s.Query)
	case !plain || q.With != nil:
		return emit.Cat(txt("PERFORM * FROM "), p.subquery(s.Query), txt(" AS discarded"))
	case q.Distinct || len(q.DistinctOn) > 0:
		return emit.Cat(txt("PERFORM * FROM "), p.subquery(s.Query), txt(" AS discarded"))
	}
	parts := p.selectClauses(q, nil)
	parts[0] = emit.Group(txt("PERFORM"), emit.Nest(emit.Line, emit.List(p.selectItems(q.Items))))
	return emit.Group(emit.Mark(q.Base(), emit.Join(emit.Line, append(parts, p.tail(&q.QueryMeta)...))))
}

func (p *printer) block(s *ir.Block) emit.Doc {
	d := []emit.Doc{p.label(s.Label)}
	if len(s.Decls) > 0 {
		docs := make([]emit.Doc, len(s.Decls))
		for i, x := range s.Decls {
			docs[i] = emit.Cat(emit.Mark(x.Base(), p.decl(x)), txt(";"))
		}
		d = append(d, txt("DECLARE"), emit.Nest(emit.Hard, emit.Join(emit.Hard, docs)), emit.Hard)
	}
	d = append(d, txt("BEGIN"), emit.Nest(emit.Hard, p.body(s.Body)), emit.Hard)
	if len(s.Except) > 0 {
		d = append(d, txt("EXCEPTION"))
		for _, a := range s.Except {
			d = append(d, emit.Nest(emit.Hard, emit.Mark(a.Base(), p.arm(a))))
		}
		d = append(d, emit.Hard)
	}
	return emit.Cat(append(d, txt("END"+p.labelEnd(s.Label)))...)
}

func (p *printer) arm(a *ir.ExceptArm) emit.Doc {
	return emit.Cat(txt("WHEN "+strings.Join(a.Conditions, " OR ")+" THEN"), emit.Nest(emit.Hard, p.body(a.Body)))
}

func (p *printer) label(l string) emit.Doc {
	if l == "" {
		return emit.Empty
	}
	return emit.Cat(txt("<<"+Quote(p.e.fold(l))+">>"), emit.Hard)
}

func (p *printer) labelEnd(l string) string {
	if l == "" {
		return ""
	}
	return " " + Quote(p.e.fold(l))
}

func (p *printer) decl(d ir.Decl) emit.Doc {
	switch d := d.(type) {
	case *ir.VarDecl:
		return p.varDecl(d)
	case *ir.CursorDecl:
		name := Quote(p.e.fold(d.Name.Text))
		if d.TargetName != "" {
			name = Quote(shorten(d.TargetName))
		}
		if d.Unbound {
			return txt(name + " refcursor")
		}
		head := name + " CURSOR"
		if len(d.Params) > 0 {
			return emit.Cat(txt(head+" "), p.params(d.Params, false), txt(" FOR"), emit.Nest(emit.Hard, p.query(d.Query)))
		}
		return emit.Cat(txt(head+" FOR"), emit.Nest(emit.Hard, p.query(d.Query)))
	}
	why, _ := p.e.Expressible(d)
	p.fail(d, why)
	return txt("NULL")
}

func (p *printer) varDecl(d *ir.VarDecl) emit.Doc {
	parts := []emit.Doc{txt(p.varName(d))}
	if d.Constant {
		parts = append(parts, txt("CONSTANT"))
	}
	parts = append(parts, txt(p.declType(d, d.TypeSQL, d.Type)))
	if d.CollationSQL != nil {
		parts = append(parts, txt("COLLATE "+p.collationName(*d.CollationSQL)))
	}
	if d.NotNull && d.Default != nil { // the target wants a value for it, as the source does
		parts = append(parts, txt("NOT NULL"))
	}
	if d.Default != nil {
		parts = append(parts, txt(":="), p.any(d.Default))
	}
	return emit.Words(parts...)
}

func (p *printer) call(s *ir.CallProc) emit.Doc {
	name := p.routineName(s.Name, s.Routine)
	if s.Routine != nil && (s.Routine.TargetAsFunction || s.Routine.Kind == catalog.Function) {
		if p.pl {
			return emit.Cat(txt("PERFORM "), call(name, p.exprs(s.Args)))
		}
		return emit.Cat(txt("SELECT * FROM "), call(name, p.exprs(s.Args)))
	}
	return emit.Cat(txt("CALL "), call(name, p.exprs(s.Args)))
}

func (p *printer) execute(s *ir.Execute) emit.Doc {
	if !p.pl {
		d := txt("EXECUTE " + p.ident(s.Name))
		if s.Text != nil || s.Name.Text == "" || len(s.Into) > 0 {
			p.fail(s, "EXECUTE IMMEDIATE outside a routine")
		}
		if len(s.Using) > 0 {
			d = emit.Cat(d, emit.Enclose("(", p.exprs(s.Using), ")"))
		}
		return d
	}
	if s.Text == nil {
		p.fail(s, "EXECUTE of a prepared statement in a routine")
		return txt("NULL")
	}
	parts := []emit.Doc{emit.Cat(txt("EXECUTE "), p.any(s.Text))}
	if len(s.Into) > 0 {
		parts = append(parts, emit.Cat(txt(not(s.Strict, "INTO ", "INTO STRICT ")), emit.Group(emit.Nest(p.exprs(s.Into)))))
	}
	if len(s.Using) > 0 {
		parts = append(parts, emit.Cat(txt("USING "), p.exprs(s.Using)))
	}
	return emit.Group(emit.Nest(emit.Join(emit.Line, parts)))
}

func (p *printer) ifStmt(s *ir.If) emit.Doc {
	var d []emit.Doc
	for i, b := range s.Branches {
		word := "IF"
		if i > 0 {
			word = "ELSIF"
		}
		d = append(d, emit.Mark(b.Base(), emit.Cat(p.until(word, b.Cond), txt(" THEN"), emit.Nest(emit.Hard, p.body(b.Body)))), emit.Hard)
	}
	if s.Else != nil {
		d = append(d, txt("ELSE"), emit.Nest(emit.Hard, p.body(s.Else)), emit.Hard)
	}
	return emit.Cat(append(d, txt("END IF"))...)
}

// until prints what PL/pgSQL reads up to the next WHEN or THEN: those of a CASE in it must stand in parentheses.
func (p *printer) until(word string, x ir.Expr) emit.Doc {
	if bareCase(x) {
		return emit.Cat(txt(word+" "), parens(p.any(x)))
	}
	return p.condition(word, x)
}

// bareCase tells that a CASE stands in the expression outside the parentheses of calls and queries.
func bareCase(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Case:
			found = true
		case *ir.Call, *ir.HelperCall, *ir.TargetCall, *ir.Aggregate, *ir.RoutineCall, *ir.Subquery, *ir.Exists:
			return false
		}
		return !found
	})
	return found
}

func (p *printer) caseStmt(s *ir.CaseStmt) emit.Doc {
	d := []emit.Doc{txt("CASE")}
	if s.Operand != nil {
		d = append(d, p.until("", s.Operand))
		if _, null := s.Operand.(*ir.Null); null && len(s.Branches) > 0 { // the variable that PL/pgSQL keeps it in would be a text
			if kind, ok := p.e.TypeSQL(s.Branches[0].Cond.TypeOf()); ok {
				d = append(d, txt("::"+kind))
			}
		}
	}
	for _, b := range s.Branches {
		d = append(d, emit.Nest(emit.Hard, emit.Mark(b.Base(),
			emit.Cat(p.until("WHEN", b.Cond), txt(" THEN"), emit.Nest(emit.Hard, p.body(b.Body))))))
	}
	if s.HasElse || s.Else != nil {
		d = append(d, emit.Nest(emit.Hard, txt("ELSE"), emit.Nest(emit.Hard, p.body(s.Else))))
	}
	return emit.Cat(append(d, emit.Hard, txt("END CASE"))...)
}

func (p *printer) loop(s *ir.Loop) emit.Doc {
	d := []emit.Doc{p.label(s.Label), p.loopHead(s), emit.Nest(emit.Hard, p.body(s.Body))}
	if s.Kind == ir.RepeatLoop {
		// ITERATE starts the next pass without a test, as CONTINUE does.
		d = append(d, emit.Nest(emit.Hard, p.condition("EXIT WHEN", s.Cond), txt(";")))
	}
	return emit.Cat(append(d, emit.Hard, txt("END LOOP"+p.labelEnd(s.Label)))...)
}

func (p *printer) loopHead(s *ir.Loop) emit.Doc {
	switch s.Kind {
	case ir.WhileLoop:
		return emit.Cat(p.condition("WHILE", s.Cond), txt(" LOOP"))
	case ir.RangeLoop:
		from, to := s.Lo, s.Hi
		if s.Reverse {
			from, to = to, from // the target counts down from the first bound
		}
		return emit.Cat(txt("FOR "+p.varName(s.Var)+" IN "+not(s.Reverse, "", "REVERSE ")), p.expr(from, precAny), txt(".."), p.any(to), p.step(s), txt(" LOOP"))
	case ir.QueryLoop:
		head := txt("FOR ")
		if len(s.Targets) > 0 {
			head = emit.Cat(head, emit.Group(emit.Nest(p.exprs(s.Targets))))
		} else {
			head = emit.Cat(head, txt(p.varName(s.Var)))
		}
		return emit.Cat(head, txt(" IN"), emit.Group(emit.Nest(emit.Line, p.query(s.Query)), emit.Line, txt("LOOP")))
	}
	return txt("LOOP")
}

// step is BY of a loop over whole numbers, which is evaluated once.
func (p *printer) step(s *ir.Loop) emit.Doc {
	if s.Step == nil {
		return txt("")
	}
	return emit.Cat(txt(" BY "), p.any(s.Step))
}

// stepped tells a loop whose step is the same on both sides: a literal, of a variable that is a whole number.
func stepped(s *ir.Loop) bool {
	n, ok := s.Step.(*ir.Number)
	return ok && s.Kind == ir.RangeLoop && n.Kind == ir.IntNumber && strings.Trim(n.Text, "0") != "" && len(n.Text) < 10 && s.Var != nil && s.Var.Type == types.Type(types.Int{Bits: 32})
}

func (p *printer) jump(word, label string, when ir.Expr) emit.Doc {
	d := txt(word + p.labelEnd(label))
	if when == nil {
		return d
	}
	return emit.Cat(d, txt(" "), p.condition("WHEN", when))
}

func (p *printer) returnRows(s *ir.ReturnRows) emit.Doc {
	switch {
	case s.Held:
		return p.held(s)
	case s.Append:
		return emit.Cat(txt("RETURN QUERY"), emit.Nest(emit.Hard, p.query(s.Query)))
	case s.Cursor != "":
		return emit.Cat(txt("OPEN "+Quote(s.Cursor)+not(s.Scroll, " FOR", " SCROLL FOR")), emit.Nest(emit.Hard, p.query(s.Query)))
	}
	p.fail(s, "a result set of a routine")
	return txt("NULL")
}

func (p *printer) selectInto(s *ir.SelectInto) emit.Doc {
	m := ir.Common(s.Query)
	if m == nil || len(m.Into) == 0 {
		p.fail(s, "SELECT INTO without targets")
		return txt("NULL")
	}
	return p.queryInto(s.Query, emit.Cat(txt(not(s.Strict, "INTO ", "INTO STRICT ")), emit.Group(emit.Nest(p.exprs(m.Into)))))
}

func (p *printer) open(s *ir.OpenCursor) emit.Doc {
	name := txt("OPEN " + Quote(p.e.fold(s.Name)))
	switch {
	case s.Dynamic != nil:
		d := emit.Cat(name, txt(" FOR EXECUTE "), p.any(s.Dynamic))
		if len(s.Args) > 0 {
			d = emit.Cat(d, txt(" USING "), p.exprs(s.Args))
		}
		return d
	case s.Query != nil:
		return emit.Cat(name, txt(" FOR"), emit.Nest(emit.Hard, p.query(s.Query)))
	case len(s.Args) > 0:
		return emit.Cat(name, emit.Enclose("(", p.exprs(s.Args), ")"))
	}
	return name
}

func (p *printer) fetch(s *ir.FetchCursor) emit.Doc {
	if s.All {
		return txt("FETCH ALL FROM " + Quote(p.e.fold(s.Name)))
	}
	return emit.Group(txt("FETCH "+Quote(p.e.fold(s.Name))), emit.Nest(emit.Line, txt("INTO "), emit.Group(p.exprs(s.Into))))
}

func (p *printer) raise(s *ir.Raise) emit.Doc {
	if s.Level == "" {
		return txt("RAISE")
	}
	d := []emit.Doc{txt("RAISE " + s.Level)}
	switch m := s.Message.(type) {
	case nil:
	case *ir.String:
		d = append(d, txt(" "+literal(strings.ReplaceAll(m.Value, "%", "%%"))))
	default:
		d = append(d, txt(" '%', "), p.any(m))
	}
	var using []emit.Doc
	option := func(name string, x ir.Expr) {
		if x != nil {
			using = append(using, emit.Cat(txt(name+" = "), p.any(x)))
		}
	}
	if s.State != "" {
		using = append(using, txt("ERRCODE = "+literal(s.State)))
	}
	option("ERRCODE", s.Code)
	option("DETAIL", s.Detail)
	option("HINT", s.Hint)
	if len(using) > 0 {
		d = append(d, emit.Nest(emit.Line, txt("USING "), emit.List(using)))
	}
	return emit.Group(d...)
}

func (p *printer) diagnostics(s *ir.GetDiagnostics) emit.Doc {
	if s.Condition != nil {
		p.fail(s, "GET DIAGNOSTICS CONDITION")
	}
	docs := make([]emit.Doc, len(s.Items))
	for i, it := range s.Items {
		docs[i] = emit.Mark(it.Base(), emit.Cat(p.any(it.Target), txt(" = "+it.Name)))
	}
	return emit.Group(txt(not(s.Stacked, "GET DIAGNOSTICS", "GET STACKED DIAGNOSTICS")), emit.Nest(emit.Line, emit.List(docs)))
}

var paramModes = map[catalog.ParamMode]string{catalog.In: "", catalog.Out: "OUT ", catalog.InOut: "INOUT "}

func (p *printer) params(list []*ir.ParamDecl, modes bool) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, x := range list {
		mode := ""
		if modes {
			mode = paramModes[x.Mode]
		}
		d := txt(mode + p.paramName(x) + " " + p.declType(x, x.TypeSQL, x.Type))
		if x.Default != nil {
			d = emit.Cat(d, txt(" DEFAULT "), p.any(x.Default))
		}
		docs[i] = emit.Mark(x.Base(), d)
	}
	return emit.Enclose("(", emit.List(docs), ")")
}

func (p *printer) routine(s *ir.Routine) emit.Doc {
	t := s.Target
	if t == nil {
		p.fail(s, "a routine that is not lowered")
		return txt("NULL")
	}
	head := emit.Cat(txt("CREATE OR REPLACE "+not(t.Function, "PROCEDURE ", "FUNCTION ")+p.routineName(s.Name, s.Object)), p.params(s.Params, true))
	return p.declaration(head, t, s.Body)
}

// declaration is what follows the parameters of a routine: its kind and settings, and the body in dollar quotes.
func (p *printer) declaration(head emit.Doc, t *ir.TargetRoutine, body ir.Stmt) emit.Doc {
	d := []emit.Doc{head}
	add := func(s string) { d = append(d, emit.Hard, txt(s)) }
	if t.Returns != "" {
		add("RETURNS " + t.Returns)
	}
	language := t.Language
	if language == "" {
		language = "plpgsql"
	}
	add("LANGUAGE " + language)
	if t.Volatility != "" {
		add(t.Volatility)
	}
	if t.Strict {
		add("STRICT")
	}
	if t.Security != "" {
		add("SECURITY " + t.Security)
	}
	for _, s := range t.Set {
		add("SET " + s)
	}
	text := p.routineBody(t, language, body)
	tag := p.dollarTag(text)
	return emit.Mark(t.Base(), emit.Cat(append(d, emit.Hard, txt("AS "+tag), emit.Hard, text, emit.Hard, txt(tag))...))
}

func (p *printer) routineBody(t *ir.TargetRoutine, language string, body ir.Stmt) emit.Doc {
	if language == "sql" {
		return p.sqlBody(body)
	}
	if language != "plpgsql" {
		p.fail(t, "a routine in "+language)
	}
	d := p.plBlock(body)
	if t.ConflictUseColumn {
		d = emit.Cat(txt("#variable_conflict use_column"), emit.Hard, d)
	}
	return d
}

// plBlock is a body as the outermost block of PL/pgSQL.
func (p *printer) plBlock(body ir.Stmt) emit.Doc {
	was := p.pl
	p.pl = true
	defer func() { p.pl = was }()
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		if body == nil {
			b.Body = nil
		}
	}
	return emit.Mark(b.Base(), emit.Cat(p.block(b), txt(";")))
}

// sqlBody is the body of a routine in SQL: its statements; RETURN x is SELECT x.
func (p *printer) sqlBody(body ir.Stmt) emit.Doc {
	list := []ir.Stmt{body}
	if b, ok := body.(*ir.Block); ok && len(b.Decls) == 0 && len(b.Except) == 0 {
		list = b.Body
	}
	docs := make([]emit.Doc, len(list))
	for i, s := range list {
		switch s := s.(type) {
		case *ir.Return:
			docs[i] = emit.Mark(s.Base(), emit.Cat(txt("SELECT "), p.any(s.Value), txt(";")))
		case *ir.ReturnRows:
			docs[i] = emit.Mark(s.Base(), emit.Cat(p.query(s.Query), txt(";")))
		default:
			docs[i] = emit.Cat(p.stmt(s), txt(";"))
		}
	}
	return emit.Cat(emit.Nest(emit.Join(emit.Hard, docs)))
}

// doBlock runs a block outside of routines.
func (p *printer) doBlock(s *ir.Block) emit.Doc {
	body := p.plBlock(s)
	tag := p.dollarTag(body)
	return emit.Cat(txt("DO "+tag), emit.Hard, body, emit.Hard, txt(tag))
}

func (p *printer) declType(n ir.Node, sql string, t types.Type) string {
	if sql != "" {
		return sql
	}
	if t != nil {
		if s, ok := p.e.TypeSQL(t); ok {
			return s
		}
		p.fail(n, "the type "+t.String())
		return "text"
	}
	p.fail(n, "a declaration without a type")
	return "text"
}
