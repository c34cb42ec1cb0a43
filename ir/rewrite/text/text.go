// Package text holds the rule for functions of texts and byte strings.
package text

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "FN0320"

var (
	refused = &diag.Code{
		ID: "FN0321", Title: "function of texts that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The function, or its use with arguments of this type, has no exact counterpart on PostgreSQL without an extension (MySQL Reference Manual, "String Functions and Operators",
"Encryption and Compression Functions", "XML Functions").`,
		Next: "write the expression by hand, or compute it in the application", Learn: 0.25, Each: 0.25,
	}
	mapping = &diag.Code{
		ID: "FN0322", Title: "lower case of single letters", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL maps each character for itself (Reference Manual, "Character Sets, Collations, Unicode"); PostgreSQL's lower with an ICU collation knows the Greek sigma at the end
of a word and makes two characters of the Turkish dotted I. Assumed: no text has a capital sigma at the end of a word, or that I.`,
		Each: 0.01,
	}
	identifier = &diag.Code{
		ID: "FN0323", Title: "identifiers are random", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `UUID() makes identifiers of version 1, which hold the time and the machine (MySQL Reference Manual, "Miscellaneous Functions"); gen_random_uuid() makes random ones of
version 4. Assumed: nobody reads the time from them, or relies on their order.`,
		Each: 0.01,
	}
	separator = &diag.Code{
		ID: "FN0325", Title: "CHAR of line breaks and the like is text", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `CHAR() without USING gives a byte string in MySQL (Reference Manual, "String Functions and Operators"), and what it is joined with becomes one too. The converted code makes
a text of ASCII characters that are no letters. Assumed: the result is not compared with other texts with regard to their case.`,
		Each: 0.01,
	}
	replacement = &diag.Code{
		ID: "FN0326", Title: "replacement that may be NULL", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `REPLACE gives NULL when an argument is NULL (MySQL Reference Manual, "String Functions and Operators"). MariaDB does not look at the replacement where nothing is to
be replaced, and gives the text there. The converted code gives NULL. Assumed: the replacement is not NULL.`,
		Each: 0.01,
	}
	minus = &diag.Code{
		ID: "FN0327", Title: "the sign of a rounded zero", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `FORMAT of a negative DOUBLE that is rounded to zero keeps the sign in MySQL (Reference Manual, "String Functions and Operators"); the converted code shows none.
Assumed: no such number occurs.`,
		Each: 0.01,
	}
	padding = &diag.Code{
		ID: "FN0324", Title: "empty padding", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `LPAD and RPAD with an empty padding give NULL in MariaDB and the empty text in MySQL 8 when there is something to pad (Reference Manual, "String Functions and Operators").
The converted code gives the empty text. Assumed: the padding is not empty.`,
		Each: 0.01,
	}
)

// Rule is FN0320.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "text-functions",
		Doc: `Functions of texts and byte strings (MySQL Reference Manual, "String Functions and Operators", "Encryption and Compression Functions", "Miscellaneous Functions"). PostgreSQL's own
function stands where it gives the same for all values that can occur: substring with a positive literal position, left with a length that is not negative, split_part
for the first or last part. Other calls go to helper routines. LOCATE, INSTR, FIND_IN_SET and STRCMP compare by collation, REPLACE, TRIM and SUBSTRING_INDEX by bytes; PostgreSQL
before 18 searches by bytes only, so a text with a nondeterministic collation gets COLLATE "C" there. Functions of bytes see the text in the charset of the source.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE w (s VARCHAR(40) COLLATE utf8mb4_0900_ai_ci, b VARCHAR(40) COLLATE utf8mb4_0900_bin, n INT);",
				Source: "SELECT SUBSTRING(s, 2, 3) AS x, SUBSTRING(s, n) AS y, LEFT(s, 5) AS l, LOCATE('@', s) AS a, LOCATE('At', s) AS c, REPLACE(b, 'x', '-') AS r FROM w;",
				Target: `SELECT substring(s, 2, 3) AS x, godwit_mysql.mid(s, n) AS y, left(s, 5) AS l, strpos(s COLLATE "C", '@') AS a,
strpos(lower(s COLLATE "C"), 'at') AS c, replace(b, 'x', '-') AS r FROM w;`,
			},
			{
				Setup:  "CREATE TABLE w (s VARCHAR(40) COLLATE utf8mb4_0900_bin, n INT);",
				Source: "SELECT SUBSTRING_INDEX(s, '.', -1) AS x, LPAD(n, 6, '0') AS p, TRIM(LEADING '0' FROM s) AS t, HEX(s) AS h, SHA2(s, 256) AS d FROM w;",
				Target: `SELECT split_part(s, '.', -1) AS x, lpad(n::text, 6, '0') AS p, ltrim(s, '0') AS t, upper(encode(convert_to(s, 'UTF8'), 'hex')) AS h,
encode(sha256(convert_to(s, 'UTF8')), 'hex') AS d FROM w;`,
			},
		},
		Findings: []*diag.Code{refused, mapping, identifier, padding, separator, replacement, minus},
		After: map[string]string{
			"cast":           "the arguments must be text, numbers or byte strings already",
			"flow-functions": "choices between texts have their collations",
			"concat":         "joined texts must not be byte strings",
			"system-tables":  "it adds LOWER to what names are compared with",
		},
		Looks: ir.Kinds(ir.CallsText, ir.CallsCode, ir.CallsNumber, ir.HasOtherString),
		Run: func(p *rewrite.Pass) {
			l := &lowering{p: p, d: &build.Deriver{P: p}, signs: map[*ir.Call]bool{}}
			for _, s := range p.Unit.Stmts {
				ir.Walk(s, l.note)
			}
			p.Exprs(func(e ir.Expr) ir.Expr {
				switch e := e.(type) {
				case *ir.Call:
					return l.call(e)
				case *ir.String:
					return l.introduced(e)
				case *ir.Bytes:
					return l.decoded(e)
				}
				return e
			})
		},
	}
}

type lowering struct {
	p      *rewrite.Pass
	d      *build.Deriver
	mapped bool
	signs  map[*ir.Call]bool // calls of which only counts whether the result is zero
}

func (l *lowering) refuse(e *ir.Call, format string, args ...any) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Span, format, args...)
	return e
}

// wrong refuses a call because of the type of an argument.
func (l *lowering) wrong(e *ir.Call) ir.Expr {
	t := "no type"
	for _, a := range e.Args {
		if a.TypeOf() != nil {
			t = a.TypeOf().String()
			break
		}
	}
	return l.refuse(e, "%s of %s", e.Name, t)
}

func (l *lowering) help(name string, e *ir.Call, args ...ir.Expr) ir.Expr {
	return l.p.Helper(name, e, args...)
}

func (l *lowering) fn(name string, e *ir.Call, args ...ir.Expr) ir.Expr {
	return build.Call(name, e, e.Type, code, args...)
}

// handlers are the operations of this rule.
var handlers = map[op.Op]func(*lowering, *ir.Call) ir.Expr{
	op.Substring: (*lowering).substring, op.Left: (*lowering).left, op.Right: (*lowering).right,
	op.LPad: (*lowering).pad, op.RPad: (*lowering).pad, op.Repeat: (*lowering).repeat, op.Space: (*lowering).space,
	op.TextInsert: (*lowering).insert, op.SubstringIndex: (*lowering).substringIndex, op.Reverse: (*lowering).plain,
	op.Trim: (*lowering).trim, op.LTrim: (*lowering).trim, op.RTrim: (*lowering).trim, op.Replace: (*lowering).replace,
	op.Lower: (*lowering).letters, op.Upper: (*lowering).letters, op.Quote: (*lowering).quote, op.Soundex: (*lowering).soundex,

	op.Locate: (*lowering).locate, op.Instr: (*lowering).locate, op.FindInSet: (*lowering).findInSet, op.Strcmp: (*lowering).strcmp,
	op.Field: (*lowering).field, op.Elt: (*lowering).elt, op.MakeSet: (*lowering).makeSet, op.ExportSet: (*lowering).exportSet,

	op.CharLength: (*lowering).charLength, op.OctetLength: (*lowering).octetLength, op.BitLength: (*lowering).octetLength,
	op.ASCII: (*lowering).firstByte, op.Ord: (*lowering).firstByte, op.Char: (*lowering).char, op.Hex: (*lowering).hex,
	op.Unhex: (*lowering).unhex, op.Conv: (*lowering).conv, op.Bin: (*lowering).conv, op.Oct: (*lowering).conv,
	op.FormatNumber: (*lowering).format, op.MD5: (*lowering).digest, op.SHA1: (*lowering).digest, op.SHA2: (*lowering).sha2,
	op.CRC32: (*lowering).digest, op.ToBase64: (*lowering).digest, op.FromBase64: (*lowering).fromBase64,
	op.InetATON: (*lowering).address, op.InetNTOA: (*lowering).address, op.Inet6ATON: (*lowering).address, op.Inet6NTOA: (*lowering).address,
	op.IsUUID: (*lowering).address, op.IsIPv4: (*lowering).address, op.IsIPv6: (*lowering).address, op.UUID: (*lowering).uuid, op.SysGUID: (*lowering).uuid,
	op.UUIDToBin: (*lowering).uuid, op.BinToUUID: (*lowering).uuid,
}

// never are operations that are refused by name.
var never = map[op.Op]string{
	op.WeightString: "gives sort keys of MySQL's own", op.LoadFile: "reads files of the server", op.NaturalSortKey: "gives sort keys of MariaDB's own",
	op.SFormat: "formats by MariaDB's rules", op.ExtractValue: "reads XML by XPath", op.UpdateXML: "changes XML by XPath",
	op.AESEncrypt: "needs an extension (pgcrypto)", op.AESDecrypt: "needs an extension (pgcrypto)", op.Compress: "writes MySQL's own format",
	op.Uncompress: "reads MySQL's own format", op.UncompressedLength: "reads MySQL's own format", op.RandomBytes: "needs an extension (pgcrypto)",
	op.Password: "makes hashes of MySQL's accounts", op.OldEncrypt: "uses ciphers of MySQL's own", op.StatementDigest: "describes statements of MySQL",
	op.UUIDShort:    "numbers the calls of a server",
	op.IsIPv4Compat: "has no counterpart", op.IsIPv4Mapped: "has no counterpart",
}

func (l *lowering) call(e *ir.Call) ir.Expr {
	if why, ok := never[e.Op]; ok {
		return l.refuse(e, "%s %s", e.Name, why)
	}
	h := handlers[e.Op]
	if h == nil {
		return e
	}
	info := op.Lookup(e.Op)
	for _, a := range e.Args {
		if _, null := a.(*ir.Null); null && info != nil && info.Nulls == op.NullStrict {
			return build.Null(e, e.Type)
		}
		if _, param := a.(*ir.Param); types.IsUnknown(a.TypeOf()) && !param {
			return l.refuse(e, "%s of a value whose type is not known", e.Name)
		}
	}
	return h(l, e)
}

// kind tells what a value is on the target.
type kind int

const (
	other kind = iota
	chars      // text
	bytes      // a byte string
)

func kindOf(x ir.Expr) kind {
	switch x.TypeOf().(type) {
	case types.Text, types.Set, types.Null:
		return chars
	case types.Binary:
		return bytes
	}
	if _, param := x.(*ir.Param); param {
		return chars
	}
	return other
}

func allOf(k kind, list ...ir.Expr) bool {
	for _, x := range list {
		if _, null := x.(*ir.Null); !null && kindOf(x) != k {
			return false
		}
	}
	return true
}

// introduced makes a byte string of a literal with the introducer _binary.
func (l *lowering) introduced(s *ir.String) ir.Expr {
	if t, ok := s.Type.(types.Binary); ok {
		return build.Make(&ir.Bytes{Value: []byte(s.Value)}, s, t, code)
	}
	return s
}

// decoded makes a text of a hexadecimal literal with an introducer.
func (l *lowering) decoded(b *ir.Bytes) ir.Expr {
	t, ok := b.Type.(types.Text)
	if !ok {
		return b
	}
	s, ok := decode(b.Value, t.Charset)
	if !ok {
		rewrite.Refuse(l.p, refused, b.Span, "a literal of bytes that are no text in the charset %s", t.Charset)
		return b
	}
	return build.Make(&ir.String{Value: s}, b, t, code)
}
