package postgres

import (
	"regexp"
	"strings"
	"sync"

	pg "github.com/pganalyze/pg_query_go/v6"

	"godwit/ir"
	"godwit/ir/diag"
)

// NotAccepted is the finding for text of ours that the target's grammar refuses.
var NotAccepted = &diag.Code{
	ID: "SY0100", Title: "converted text not accepted by PostgreSQL's grammar", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "Everything that is emitted is parsed again with PostgreSQL's own grammar (SQL, and PL/pgSQL for bodies). A failure is an " +
		"error of this tool; the statement is refused, so that no broken text leaves it.",
	Next:  "Report the statement; until then write it by hand.",
	Learn: 0.5, Each: 0.5,
}

// Check parses the outputs of a unit again with the target's grammar. If one is refused by it, the unit is refused: it gets
// a finding SY0100, and the outputs become the source as a comment.
func (e *Emitter) Check(u *ir.Unit, out []Output) []Output {
	for _, o := range out {
		if err := Parse(o.SQL); err != nil {
			u.Report(NotAccepted.New(u.Span, "the converted text does not parse: %s", err))
			return e.refuse(u, NotAccepted)
		}
	}
	return out
}

// plParser guards the PL/pgSQL parser of the C library, which keeps state of its own.
var plParser sync.Mutex

// Parse reads text with PostgreSQL's grammar, and the bodies of PL/pgSQL in it with that of PL/pgSQL.
func Parse(sql string) error {
	tree, err := pg.Parse(sql)
	if err != nil {
		return err
	}
	for _, s := range tree.Stmts {
		if !plBodied(s.Stmt) {
			continue
		}
		plParser.Lock()
		_, err := pg.ParsePlPgSqlToJSON(forPLParser(statementText(sql, s)))
		plParser.Unlock()
		if err != nil {
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
	return body && strings.EqualFold(language, "plpgsql")
}

// The library reads bodies without a catalog: it does not know that a RETURNS of a table or record allows RETURN QUERY
// in procedures, or how to read %TYPE; it is lenient there. Nothing has to be changed before it reads the text but
// the leading comments of the statement, which it counts as part of it.
var leadingComments = regexp.MustCompile(`^(\s*(--[^\n]*\n|/\*([^*]|\*[^/])*\*/))*\s*`)

func forPLParser(sql string) string {
	sql = leadingComments.ReplaceAllString(sql, "")
	if strings.Contains(sql, " COLLATE ") {
		sql = declaredCollation.ReplaceAllString(sql, "$1")
	}
	return declareCursors(sql)
}

// declaredCollation finds the collation of a variable's declaration, alone on its line: the library cannot look up whether its
// type has collations, and takes it that it has none.
var declaredCollation = regexp.MustCompile(`(?m)^(\s+(?:CONSTANT )?[\w"]+ (?:varchar|text)(?:\(\d+\))?(?: CONSTANT)?) COLLATE [\w".\-]+`)

var (
	cursorParam = regexp.MustCompile(`([\w"]+) refcursor\b`)
	dollarQuote = regexp.MustCompile(`\nAS (\$\w*\$)\n`)
)

// declareCursors puts a block around the body that declares the routine's cursor parameters: the PL/pgSQL parser of the
// library does not know the types of parameters, and refuses OPEN on them.
func declareCursors(sql string) string {
	m := dollarQuote.FindStringSubmatchIndex(sql)
	if m == nil {
		return sql
	}
	names := cursorParam.FindAllStringSubmatch(sql[:m[0]], -1)
	end := strings.LastIndex(sql, sql[m[2]:m[3]])
	if len(names) == 0 || end <= m[1] {
		return sql
	}
	decl := "DECLARE"
	for _, n := range names {
		decl += " " + n[1] + " refcursor;"
	}
	return sql[:m[1]] + decl + " BEGIN\n" + sql[m[1]:end] + "\nEND;" + sql[end:]
}
