package dynamicsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

var (
	uncommitted = &diag.Code{
		ID: "DS0230", Title: "A definition that is not committed", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The source commits before and behind every definition. A function or trigger of the target cannot end the transaction: the definition is part of the caller's, and is undone with it.",
		Next: "Make a procedure of the function if callers rely on the commit.", Each: 0.3,
	}
	openName = &diag.Code{
		ID: "DS0231", Title: "A definition whose text has parts that are not known", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The text of the definition is put together from literals and values. The literals are converted; the values stand where names or words of the source stand, and are taken as they are: a name without quotes is folded to lower case by the target, as its objects are.",
		Next: "Check that the values are plain names.", Each: 0.2,
	}
	// NotExecuted refuses a definition that cannot be converted where a program executes it.
	NotExecuted = &diag.Code{
		ID: "DS0232", Title: "A definition that a program executes", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The text of EXECUTE IMMEDIATE is a definition that the converter handles in scripts only, or that depends on parts of the text that are known at run time only.",
		Next: "Write the definition by hand, or create the object beforehand.", Each: 0.5,
	}
)

// Defines tells that a statement that begins with a word is a definition: it commits.
func Defines(word string) bool {
	switch word {
	case "CREATE", "ALTER", "DROP", "TRUNCATE", "GRANT", "REVOKE", "COMMENT", "RENAME", "ANALYZE", "PURGE", "SET", "FLASHBACK", "AUDIT":
		return true
	}
	return false
}

// defined puts what a definition becomes in place of EXECUTE.
func (r *run) defined(n *ir.Execute) ir.Node {
	d := n.Defines
	if d.SQL == nil {
		if text, _ := r.constantStart(n.Text); len(d.Parts) > 0 && (FirstWord(text) == "DROP" || FirstWord(text) == "TRUNCATE") {
			return r.built(n)
		}
		rewrite.Refuse(r.Pass, notConverted, n.Span, "%s", reason(d.Unit))
		return n
	}
	for _, f := range d.Unit.Findings {
		f.Span, f.Object = n.Span, ""
		r.Unit.Report(f)
	}
	for h := range d.Unit.Helpers {
		r.Unit.NeedHelper(h)
	}
	list, sql := comments(d.SQL)
	if len(d.Parts) > 0 {
		list = nil // with names that stand for others
	}
	if len(sql) == 0 {
		return control.Take(code, n, append(list, &ir.Nothing{})...)
	}
	if len(d.Parts) == 0 && strings.HasPrefix(sql[0], "SET CONSTRAINTS ") { // of the transaction that goes on
		return control.Take(code, n, append(list, &ir.RawStmt{Text: sql[0]})...)
	}
	if len(d.Parts) > 0 {
		text, ok := r.withParts(n, strings.Join(sql, ";\n"))
		if !ok {
			return n
		}
		r.Report(openName, n.Span, "the definition has parts that are not known")
		return r.committed(n, append(list, &ir.Execute{Text: text})...)
	}
	for i := range sql {
		switch word := FirstWord(sql[i]); word {
		case "BEGIN", "COMMIT", "ROLLBACK":
			rewrite.Refuse(r.Pass, NotExecuted, n.Span, "the definition takes several transactions")
			return n
		case "CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "COMMENT", "TRUNCATE", "CALL":
			if !queries(sql[i]) {
				continue
			}
			fallthrough
		default:
			sql[i] = "EXECUTE '" + strings.ReplaceAll(sql[i], "'", "''") + "'"
		}
	}
	return r.committed(n, append(list, &ir.RawStmt{Text: strings.Join(sql, ";\n"), Defines: true})...)
}

// comments tells the statements of a definition that are only comments from the others.
func comments(list []string) (lines []ir.Stmt, sql []string) {
	for _, s := range list {
		if text, comment := strings.CutPrefix(s, "--"); comment && !strings.Contains(text, "\n") {
			lines = append(lines, &ir.CommentStmt{Text: strings.TrimSpace(text)})
			continue
		}
		sql = append(sql, strings.TrimRight(strings.TrimSpace(s), ";"))
	}
	return lines, sql
}

// constantStart is the text of the first part of a text.
func (r *run) constantStart(e ir.Expr) (string, bool) {
	if c, ok := bare(e).(*ir.Concat); ok && len(c.Args) > 0 {
		return r.constant(c.Args[0])
	}
	return r.constant(e)
}

// queries tells that a definition may take rows of a query: names in it may be those of variables.
func queries(sql string) bool {
	upper := strings.ToUpper(sql)
	return (strings.HasPrefix(upper, "CREATE TABLE") || strings.HasPrefix(upper, "CREATE MATERIALIZED") || strings.HasPrefix(upper, "CREATE TEMP")) &&
		strings.Contains(upper, "SELECT")
}

// withParts is a statement of the target with the values in place of the names that stand for them.
func (r *run) withParts(n *ir.Execute, sql string) (ir.Expr, bool) {
	c, ok := bare(n.Text).(*ir.Concat)
	if !ok {
		rewrite.Refuse(r.Pass, unknownText, n.Span, "nothing is known of the text")
		return nil, false
	}
	out := &ir.Concat{Null: c.Null}
	out.Meta, out.Type = c.Meta, c.Type
	literal := func(s string) {
		if s != "" {
			x := control.Text(s)
			x.SetType(types.Text{EmptyIsNull: true})
			out.Args = append(out.Args, x)
		}
	}
	used := map[int]bool{}
	for sql != "" {
		at, k := nextPart(sql, n.Defines.Marks)
		if k < 0 {
			break
		}
		end := at + len(n.Defines.Marks[k])
		used[k] = true
		literal(sql[:at])
		out.Args = append(out.Args, ir.Clone(c.Args[n.Defines.Parts[k]]))
		sql = sql[end:]
	}
	literal(sql)
	if len(used) < len(n.Defines.Parts) {
		rewrite.Refuse(r.Pass, NotExecuted, n.Span, "a part of the text that is not known has no place in the converted text")
		return nil, false
	}
	return out, true
}

// nextPart finds the first mark of a part; k is -1 if there is none.
func nextPart(sql string, marks []string) (at, k int) {
	at, k = len(sql), -1
	for i, m := range marks {
		for _, name := range []string{m, strings.ToLower(m)} {
			if j := strings.Index(sql, name); j >= 0 && j < at {
				at, k = j, i
			}
		}
	}
	return at, k
}

// committed puts COMMIT before and behind a definition, where there is something to commit.
func (r *run) committed(n *ir.Execute, list ...ir.Stmt) ir.Node {
	in := r.around(n)
	if _, trigger := r.root.(*ir.CreateTrigger); in != nil && in.Kind == catalog.Function || in == nil && trigger {
		r.Report(uncommitted, n.Span, "the definition is part of the caller's transaction")
		return control.Take(code, n, list...)
	}
	before, after := true, true
	if b, ok := r.root.(*ir.Block); ok && b.Anonymous && in == nil {
		before, after = changesBefore(b, n), followed(b, n)
	}
	var out []ir.Stmt
	if before {
		out = append(out, &ir.Transaction{Kind: ir.CommitTransaction})
	}
	out = append(out, list...)
	if after {
		out = append(out, &ir.Transaction{Kind: ir.CommitTransaction})
	}
	return control.Take(code, n, out...)
}

// around is the innermost routine that a statement stands in, nil if it stands in none.
func (r *run) around(n ir.Node) *ir.Routine {
	var found *ir.Routine
	ir.WalkStatements(r.root, func(x ir.Node) bool {
		if f, ok := x.(*ir.Routine); ok && ir.Find(f, func(y ir.Node) bool { return y == n }) {
			found = f
		}
		return true
	})
	return found
}

// changesBefore tells that a block may have changed rows when it comes to a statement. What a definition before it left is committed.
func changesBefore(b *ir.Block, n ir.Node) bool {
	seen, found := false, false
	ir.WalkStatements(b, func(x ir.Node) bool {
		if l, ok := x.(*ir.Loop); ok && !seen && ir.Find(l, func(y ir.Node) bool { return y == n }) && changes(l, n) {
			found = true
		}
		seen = seen || x == n
		if !seen {
			found = found || changesItself(x)
		}
		return !seen
	})
	return found
}

func changes(s ir.Node, but ir.Node) bool {
	return ir.Find(s, func(x ir.Node) bool { return x != but && changesItself(x) })
}

func changesItself(x ir.Node) bool {
	switch x := x.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.CallProc, *ir.RoutineCall, *ir.Forall:
		return true
	case *ir.Execute:
		return x.Defines == nil
	}
	return false
}

// followed tells that something that may fail comes behind a statement of a block; handlers run where it failed itself.
func followed(b *ir.Block, n ir.Node) bool {
	var behind func(list []ir.Stmt) (here, more bool)
	within := func(s ir.Stmt) bool { return ir.Find(s, func(x ir.Node) bool { return x == n }) }
	var last func(s ir.Stmt) bool // nothing follows n in s
	behind = func(list []ir.Stmt) (here, more bool) {
		for i, s := range list {
			if within(s) {
				return true, !last(s) || slices.ContainsFunc(list[i+1:], func(x ir.Stmt) bool { return !quiet(x) })
			}
		}
		return false, false
	}
	last = func(s ir.Stmt) bool {
		if ir.Node(s) == n {
			return true
		}
		var lists [][]ir.Stmt
		switch s := s.(type) {
		case *ir.Block:
			lists = append(lists, s.Body)
			for _, c := range s.Catches {
				lists = append(lists, c.Body)
			}
		case *ir.If:
			for _, x := range s.Branches {
				lists = append(lists, x.Body)
			}
			lists = append(lists, s.Else)
		}
		for _, l := range lists {
			if here, more := behind(l); here {
				return !more
			}
		}
		return false
	}
	return !last(b)
}

// quiet tells that a statement does nothing that can fail.
func quiet(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Nothing, *ir.CommentStmt:
		return true
	}
	return false
}
