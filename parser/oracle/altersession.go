package oracle

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/dialect"
)

// sessionOptions begin the names of settings of a session that are taken over for what follows, or that change no result.
var sessionOptions = append([]string{"NLS_", "PLSQL_", "CURRENT_SCHEMA", "TIME_ZONE", "BLANK_TRIMMING", "RECYCLEBIN", "CLIENT_", "QUERY_REWRITE", "DDL_LOCK_TIMEOUT", "_"}, quietOptions...)

// quietOptions begin the names of settings that change no result, only how the server works: a program may set them where it runs.
// GLOBAL_NAMES concerns the names of database links alone.
var quietOptions = []string{"PLSCOPE_", "PLSQL_OPTIMIZE_LEVEL", "PLSQL_CODE_TYPE", "PLSQL_WARNINGS", "OPTIMIZER_", "STATISTICS_", "SQL_TRACE", "TIMED_STATISTICS", "CURSOR_", "HASH_", "SORT_",
	"DB_FILE_MULTIBLOCK", "PARALLEL_", "WORKAREA_", "TRACEFILE_", "MAX_DUMP_FILE_SIZE", "RESULT_CACHE", "SKIP_UNUSABLE_INDEXES", "DEFERRED_SEGMENT_CREATION", "STAR_TRANSFORMATION",
	"SESSION_CACHED", "OPEN_CURSORS", "GLOBAL_NAMES", "TEMP_UNDO_ENABLED", "SQL_HISTORY_ENABLED"}

// sessionDefaults are the values that formats of a session are assumed to have where the script says nothing else.
var sessionDefaults = map[string]string{"nls-numeric-characters": ".,", "nls-date-format": "DD-MON-RR", "nls-timestamp-format": "DD-MON-RR HH.MI.SSXFF AM", "nls-timestamp-tz-format": "DD-MON-RR HH.MI.SSXFF AM TZR"}

// assumed are the values, as one may write them, that everything is converted by, of settings that show in results.
var assumed = map[string][]string{
	"NLS_NUMERIC_CHARACTERS": {".,"}, "NLS_DATE_LANGUAGE": {"AMERICAN", "ENGLISH"}, "NLS_LANGUAGE": {"AMERICAN", "ENGLISH"}, "NLS_TERRITORY": {"AMERICA"}, "NLS_SORT": {"BINARY"},
	"NLS_COMP": {"BINARY", "ANSI"}, "NLS_CALENDAR": {"GREGORIAN"}, "NLS_CURRENCY": {"$"}, "NLS_ISO_CURRENCY": {"AMERICA"}, "NLS_DUAL_CURRENCY": {"$"},
}

// alterSession reads on behind ALTER SESSION. The settings are in force for the units that follow. What a program executes is in force for
// what runs later: it has to change nothing.
func (p *parser) alterSession(i int) ir.Stmt {
	known, quiet := p.acceptWord("SET"), true
	var zone *ir.SetItem
	for known && p.isWord() && (p.Ahead(1) == kEq || p.Ahead(1) == kDot) {
		from, name := p.Pos, p.upper(p.Pos)
		known = begins(name, sessionOptions)
		for p.Kind() != kEq && p.Kind() != kEOF && p.Kind() != kSemi {
			p.Next()
		}
		p.Expect(kEq)
		p.Accept(kMinus)
		quiet = quiet && (begins(name, quietOptions) || p.inForce(name))
		if name == "TIME_ZONE" {
			zone = p.sessionZone()
			continue
		}
		other := p.otherResults(name)
		p.Next()
		if other && !p.opts.Statement {
			p.report(codeBehaviour, p.SpanFrom(from), "%s is left out: results are those of %s", p.SpanFrom(from).Text(), assumed[name][0])
		}
	}
	ends := p.Kind() == kEOF || p.Kind() == kSemi
	switch {
	case p.opts.Statement && known && quiet && ends:
		p.report(codeOption, p.SpanFrom(i), "ALTER SESSION SET of what changes no result is left out")
		n := &ir.CommentStmt{Text: p.SpanFrom(i).Text()}
		n.Span = p.SpanFrom(i)
		return n
	case zone != nil && known && ends && !p.opts.Statement:
		n := &ir.SetVar{Items: []*ir.SetItem{zone}}
		n.Span = p.SpanFrom(i)
		return n
	case p.acceptAny("ENABLE", "DISABLE", "FORCE") != "" && p.is("PARALLEL"), p.isWords("RESUMABLE"):
		return p.refuseRest(i, codeOption, "ALTER SESSION "+p.wordsFrom(i+2, p.Pos+1))
	case known && ends:
		return p.refuseRest(i, codeOption, "ALTER SESSION SET, which is in force for what follows,")
	}
	return p.refuseRest(i, codeAdmin, "ALTER SESSION")
}

// sessionZone reads the value of TIME_ZONE; LOCAL is DEFAULT.
func (p *parser) sessionZone() *ir.SetItem {
	v := &ir.SysVar{Scope: "session", Name: "time_zone"}
	v.Span = p.SpanFrom(p.Pos)
	n := &ir.SetItem{Target: v}
	i := p.Pos
	if p.Kind() == kString || !p.is("LOCAL") {
		s := &ir.String{Value: p.upper(p.Pos)}
		if p.Kind() == kString {
			s.Value = decodeString(p.Text())
		}
		n.Value = s
	}
	p.Next()
	n.Span = p.SpanFrom(i)
	if n.Value != nil {
		n.Value.Base().Span = n.Span
	}
	return n
}

// otherResults tells that a setting that nothing is converted by gets a value that changes results.
func (p *parser) otherResults(name string) bool {
	list := assumed[name]
	if list == nil {
		return false
	}
	value := p.upper(p.Pos)
	if p.Kind() == kString {
		value = strings.ToUpper(decodeString(p.Text()))
	}
	return !slices.Contains(list, strings.Trim(value, `"`))
}

func begins(name string, list []string) bool {
	for _, o := range list {
		if strings.HasPrefix(name, o) {
			return true
		}
	}
	return false
}

// inForce tells that a setting of formats gets the text that it has.
func (p *parser) inForce(name string) bool {
	key := dialect.NormalizeSetting(name)
	is, told := p.state.settings[key]
	if !told {
		if is = sessionDefaults[key]; is == "" {
			return false
		}
	}
	return p.Kind() == kString && decodeString(p.Text()) == is
}
