package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/parser/scan"
)

var codeLoad = &diag.Code{
	ID: "SY0015", Title: "LOAD DATA", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `The file is read by the source's server or client (MySQL Reference Manual, "LOAD DATA Statement"). COPY reads files by other rules: \N and backslashes mean something in its text format only, quotes in its CSV format only,
what does not fit a column is an error, and there are no variables and no SET.`,
	Next: "Load the file with \\copy.", Learn: 0.5, Each: 0.5,
}

// load refuses LOAD DATA and LOAD XML; the next step is the \copy that comes nearest.
func (p *parser) load(i, j int) ir.Stmt {
	sp := p.SpanFrom(i)
	what := "LOAD " + p.plainWord(i+1, j)
	f := codeLoad.New(sp, "%s is not converted", what)
	if what == "LOAD XML" {
		f.Next = "Turn the file into rows of text first: COPY reads no XML."
	}
	if c := p.copyOf(i, j); c != "" {
		f.Next = "Load the file with " + c + "; look at NULL, escapes and lines that do not fit."
	}
	p.unit.Report(f)
	return &ir.Unsupported{StmtMeta: stmt(sp), Text: sp.Text(), Code: codeLoad.ID, What: what}
}

// copyOf is the \copy for the tokens of LOAD DATA from i to j; "" if it is of another form.
func (p *parser) copyOf(i, j int) string {
	w := &accountWords{p: p, i: i + 1, j: j}
	if !w.accept("DATA") {
		return ""
	}
	for w.accept("LOCAL") || w.accept("CONCURRENT") || w.accept("LOW_PRIORITY") {
	}
	if !w.accept("INFILE") || w.kind() != kString {
		return ""
	}
	file := "'" + strings.ReplaceAll(p.stringAt(w.i), "'", "''") + "'"
	table, columns, options := "", "", []string{}
	quoted, header := false, false
	for w.i++; w.i < j; w.i++ {
		switch {
		case table == "" && w.accept("INTO", "TABLE"):
			table = strings.ToLower(p.identAt(w.i).Text)
			if w.i+2 < j && p.At(w.i+1).Kind == kDot {
				w.i += 2
				table += "." + strings.ToLower(p.identAt(w.i).Text)
			}
		case w.accept("TERMINATED", "BY"):
			if d := p.stringAt(w.i); w.kind() == kString && len(d) == 1 && !header && d != "\n" {
				options = append(options, "DELIMITER "+copyText(d))
			}
		case w.accept("ENCLOSED", "BY"):
			if w.kind() == kString {
				quoted = true
				options = append(options, "QUOTE "+copyText(p.stringAt(w.i)))
			}
		case w.accept("IGNORE"):
			header = header || w.kind() == kNumber
		case w.kind() == kLP && columns == "":
			columns = p.loadColumns(w)
		}
	}
	if table == "" {
		return ""
	}
	format := "FORMAT text"
	if quoted || header {
		format = "FORMAT csv"
	}
	if header {
		options = append(options, "HEADER")
	}
	return `\copy ` + table + columns + " FROM " + file + " WITH (" + strings.Join(append([]string{format}, options...), ", ") + ")"
}

func copyText(s string) string {
	if s == "\t" {
		return "E'\\t'"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// loadColumns lists the columns in parentheses; "" if there are variables among them.
func (p *parser) loadColumns(w *accountWords) string {
	var out []string
	for w.i++; w.i < w.j && w.kind() != kRP; w.i++ {
		switch w.kind() {
		case kUserVar:
			return ""
		case scan.Kind(kComma):
		default:
			out = append(out, strings.ToLower(p.identAt(w.i).Text))
		}
	}
	return " (" + strings.Join(out, ", ") + ")"
}
