package postgres

import (
	"errors"
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v6"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
)

// NotAccepted is the finding for text of ours that the target's grammar refuses.
var NotAccepted = &diag.Code{
	ID: "SY0100", Title: "converted text not accepted by PostgreSQL's grammar", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "Everything that is emitted is parsed again with PostgreSQL's own grammar (SQL, and PL/pgSQL for bodies). A failure is an " +
		"error of this tool; the statement is refused, so that no broken text leaves it.",
	Next:  "Report the statement; until then write it by hand.",
	Learn: 0.5, Each: 0.5,
}

// Check parses the outputs of a unit again with the target's grammar, except texts of a shape that it has accepted. If one is refused by it, the unit is refused: it gets
// findings SY0100 at the places that the refused texts come from, and the outputs become the source as a comment.
func (e *Emitter) Check(u *ir.Unit, out []Output) []Output {
	refused := false
	for h := range u.Helpers {
		if !e.knownHelper(h) { // the script of the helper routines would not be written, for no unit
			u.Report(NotAccepted.New(u.Span, "the helper routine %s does not exist", h))
			u.Helpers, refused = nil, true
			break
		}
	}
	for _, o := range out {
		if err := e.accepted.parse(o.SQL); err != nil {
			u.Report(NotAccepted.New(placeOf(u, o, len(out) == 1), "the converted text does not parse: %s", err))
			refused = true
		}
	}
	if refused {
		return e.refuse(u, NotAccepted)
	}
	return out
}

// placeOf is where the body of a text comes from, which is one of several of its unit; all of the unit if it is the only one.
func placeOf(u *ir.Unit, o Output, only bool) source.Span {
	if only {
		return u.Span
	}
	for i := o.Lines.Len() - 1; i >= 0; i-- { // the first lines are the head, which may stand elsewhere
		if s := o.Lines.At(i).Span; s.File == u.Span.File && s.Start >= u.Span.Start && s.End <= u.Span.End && s != u.Span {
			return s
		}
	}
	return u.Span
}

// Parse reads text with PostgreSQL's grammar, and the bodies of PL/pgSQL in it with that of PL/pgSQL. The trees stay in the C library,
// which reads many times faster than it hands them over.
func Parse(sql string) error {
	if strings.IndexByte(sql, 0) >= 0 {
		return errors.New("the text holds a character with the code 0, which PostgreSQL does not store")
	}
	if strings.Contains(sql, ") VIRTUAL") {
		sql = strings.ReplaceAll(sql, ") VIRTUAL", ") STORED") // the library's grammar is older than PostgreSQL 18
	}
	if h := headOf(sql); h.body == plBody && h.single {
		if text := forPLParser(sql); len(text) == len(sql)-FirstWord(sql) {
			return parsePL(text) // it reads the statement around the body as well
		}
	}
	stmts, err := pg.SplitWithParser(sql, false)
	if err != nil {
		return err
	}
	for _, s := range stmts {
		if err := checkBody(s); err != nil {
			return err
		}
	}
	return nil
}

// checkBody reads the body of a statement that was read before.
func checkBody(stmt string) error {
	h := headOf(stmt)
	if h.body == noBody && !deep(stmt) {
		return nil
	}
	if h.body != plBody {
		return parseTree(stmt)
	}
	return parsePL(forPLParser(stmt))
}

// parsePL reads a statement with a body in PL/pgSQL. Parameters whose fields the library does not know are declared as rows.
func parsePL(stmt string) error {
	for {
		err := parseBody(stmt)
		name := unknownRow(err)
		if name == "" {
			return err
		}
		more := declareRow(stmt, name)
		if more == stmt {
			return err
		}
		stmt = more
	}
}

// notKnown ends what the library tells of a field of a variable that it does not take for a row.
const notKnown = `" is not a known variable`

// unknownRow is the name in front of a field that the library does not know; "" if the error is another one.
func unknownRow(err error) string {
	if err == nil {
		return ""
	}
	name, ok := strings.CutSuffix(err.Error(), notKnown)
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, `"`), ".")
	return name
}

// declareRow puts a block around the body that declares a parameter as a row; the text itself if no parameter has the name, or if the block
// is there.
func declareRow(sql, name string) string {
	as, body, end := asQuote(sql)
	if as < 0 || !isParam(sql[:as], name) {
		return sql
	}
	decl := " " + name + " record;"
	if strings.Contains(sql[body:end], decl) {
		return sql
	}
	return sql[:body] + withDeclared(decl, sql[body:end]) + sql[end:]
}

// parseBody reads the statement as it is. The library looks up the line of each IF and ELSIF from the first line on, in time
// that grows with the square of the text, unless there is but one: it takes other line breaks than the lexer does, who knows two.
func parseBody(stmt string) error {
	_, err := pg.ParsePlPgSqlToJSON(strings.ReplaceAll(stmt, "\n", "\r"))
	if err != nil {
		_, err = pg.ParsePlPgSqlToJSON(stmt)
	}
	return err
}

// parseTree reads text as Parse does, and looks at the trees to tell what has a body in PL/pgSQL. Trees that are deeper than the library
// hands over are an error: the server's stack would not take them either.
func parseTree(sql string) error {
	tree, err := pg.Parse(sql)
	if err != nil {
		return err
	}
	for _, s := range tree.Stmts {
		if !plBodied(s.Stmt) {
			continue
		}
		if err := parsePL(forPLParser(statementText(sql, s))); err != nil {
			return err
		}
	}
	return nil
}

func statementText(sql string, s *pg.RawStmt) string {
	from, to := int(s.StmtLocation), len(sql)
	if s.StmtLen > 0 {
		to = from + int(s.StmtLen)
	}
	return sql[from:to]
}

// plBodied tells whether the statement is a function, procedure or DO with a body in PL/pgSQL between quotes. The PL/pgSQL parser
// of the library aborts the process on other forms of bodies.
func plBodied(n *pg.Node) bool {
	var options []*pg.Node
	switch {
	case n.GetCreateFunctionStmt() != nil:
		f := n.GetCreateFunctionStmt()
		if f.SqlBody != nil {
			return false
		}
		options = f.Options
	case n.GetDoStmt() != nil:
		options = n.GetDoStmt().Args
	default:
		return false
	}
	language, body := "", false
	if n.GetDoStmt() != nil {
		language = "plpgsql"
	}
	for _, o := range options {
		d := o.GetDefElem()
		switch d.GetDefname() {
		case "language":
			language = d.GetArg().GetString_().GetSval()
		case "as":
			body = true
		}
	}
	return body && language == "plpgsql"
}

// forPLParser is the statement as the library's PL/pgSQL parser can read it: without the comments in front, which it counts as part
// of the body. It reads bodies without a catalog, and does not know that a RETURNS of a table or record allows RETURN QUERY
// in procedures, or how to read %TYPE; it is lenient there.
func forPLParser(sql string) string {
	sql = sql[FirstWord(sql):]
	if strings.Contains(sql, " COLLATE ") {
		sql = withoutCollations(sql)
	}
	if strings.Contains(sql, "int_unsigned") || strings.Contains(sql, ".tinyint") || strings.Contains(sql, ".mediumint") {
		sql = withoutDomains(sql)
	}
	if strings.Contains(sql, "%ROWTYPE") {
		sql = recordTypes(sql)
	}
	return declareRows(declareCursors(sql))
}

// declareRows puts a block around the body that declares the routine's parameters to whose fields it assigns: the PL/pgSQL parser of the library does not know
// composite types.
func declareRows(sql string) string {
	as, body, end := asQuote(sql)
	if as < 0 {
		return sql
	}
	decl, done := "", map[string]bool{}
	for _, name := range rowFields(sql[body:end]) {
		if name = strings.ToLower(name); done[name] {
			continue
		}
		if done[name] = true; isParam(sql[:as], name) {
			decl += " " + name + " record;"
		}
	}
	if decl == "" {
		return sql
	}
	return sql[:body] + withDeclared(decl, sql[body:end]) + sql[end:]
}

// withDeclared is the text of a body in a block that declares more. What is asked of the compiler stands in front of all blocks, and matters to
// the server only.
func withDeclared(decl, body string) string {
	return "DECLARE" + decl + " BEGIN\n" + strings.Replace(body, "#variable_conflict use_column\n", "", 1) + "\nEND;"
}

// isParam tells that the head of a routine declares a parameter.
func isParam(head, name string) bool {
	for at := 0; ; {
		i := strings.Index(head[at:], name+" ")
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		before := strings.TrimRight(head[:i], " \n")
		if strings.HasSuffix(before, "(") || strings.HasSuffix(before, ",") || strings.HasSuffix(before, " INOUT") || strings.HasSuffix(before, "(INOUT") || strings.HasSuffix(before, "OUT") {
			return true
		}
	}
}

// withoutDomains puts integer in place of the domains of integers, which the library takes for types of rows: schema.smallint_unsigned
// and the like behind a blank.
func withoutDomains(sql string) string {
	var b strings.Builder
	done := 0
	for at := 0; ; {
		i := strings.IndexByte(sql[at:], '.')
		if i < 0 {
			return b.String() + sql[done:]
		}
		i += at
		at = i + 1
		from, to := i, at+integerWord(sql[at:])
		for from > done && (nameByte(sql[from-1]) || sql[from-1] == '"') {
			from--
		}
		if to > at && from < i && from > done && sql[from-1] == ' ' {
			b.WriteString(sql[done:from])
			b.WriteString("integer")
			done, at = to, to
		}
	}
}

// integerWord is the length of the name of an integer's domain at the start of a text, 0 if there is none.
func integerWord(s string) int {
	n := 0
	for n < len(s) && nameByte(s[n]) {
		n++
	}
	switch strings.TrimSuffix(s[:n], "_unsigned") {
	case "int", "tinyint", "smallint", "mediumint", "bigint":
		return n
	}
	return 0
}

// declaredCollation finds the collation of a variable's declaration, alone on its line: the library cannot look up whether its
// type has collations, and takes it that it has none.
var declaredCollation = regexp.MustCompile(`^(\s+(?:CONSTANT )?[\w"]+ (?:varchar|text)(?:\(\d+\))?(?: CONSTANT)?) COLLATE [\w".\-]+`)

// withoutCollations leaves out the collations of declarations.
func withoutCollations(sql string) string {
	var b strings.Builder
	for {
		at := strings.Index(sql, " COLLATE ")
		if at < 0 {
			break
		}
		line := strings.LastIndexByte(sql[:at], '\n') + 1
		end := strings.IndexByte(sql[at:], '\n') + at + 1
		if end <= at {
			end = len(sql)
		}
		b.WriteString(sql[:line])
		b.WriteString(declaredCollation.ReplaceAllString(sql[line:end], "$1"))
		sql = sql[end:]
	}
	b.WriteString(sql)
	return b.String()
}

// declareCursors puts a block around the body that declares the routine's cursor parameters: the PL/pgSQL parser of the
// library does not know the types of parameters, and refuses OPEN on them.
func declareCursors(sql string) string {
	as, body, end := asQuote(sql)
	if as < 0 || !strings.Contains(sql[:as], " refcursor") {
		return sql
	}
	names := cursorParams(sql[:as])
	if len(names) == 0 {
		return sql
	}
	decl := ""
	for _, n := range names {
		decl += " " + n + " refcursor;"
	}
	return sql[:body] + withDeclared(decl, sql[body:end]) + sql[end:]
}

// cursorParams are the names in front of the word refcursor.
func cursorParams(sql string) []string {
	const word = " refcursor"
	var names []string
	for at := 0; ; {
		i := strings.Index(sql[at:], word)
		if i < 0 {
			return names
		}
		i += at
		at = i + len(word)
		from := i
		for from > 0 && (letter(sql[from-1]) || sql[from-1] == '"') {
			from--
		}
		if from < i && (at == len(sql) || !letter(sql[at])) {
			names = append(names, sql[from:i])
		}
	}
}
