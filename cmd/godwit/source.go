package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"godwit"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/textfile"
	"godwit/runner/endpoint"
	"godwit/runner/extract"
)

// sourceFlags are the flags of every command that reads source text.
type sourceFlags struct {
	from       string
	to         string
	schema     string
	catalog    []string
	set        []string
	collations string
	autocommit string
	zeroDates  string
	spatial    string
	fulltext   string
	autonomous string
	crypto     string
	packages   string
	profile    string
	lineWidth  int
	charset    string
}

func (f *sourceFlags) register(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.from, "from", "", "source dialect: "+strings.Join(godwit.SourceDialects(), ", ")+" (a live source tells it itself)")
	fl.StringVar(&f.to, "to", "postgres", "target dialect, with a version if wanted: postgres, postgres15 ... postgres18")
	fl.StringVar(&f.schema, "schema", "", "database of unqualified names; for a live source: the databases to read, separated by commas")
	fl.StringArrayVar(&f.catalog, "catalog", nil, "script that gives names and types but is not converted (repeatable)")
	fl.StringArrayVar(&f.set, "set", nil, "setting of the source that changes meaning, name=value: sql-mode, collation, div-precision-increment, ... (repeatable)")
	fl.StringVar(&f.collations, "collations", "icu", "case-insensitive text: icu (nondeterministic collations), citext (columns of that extension's type: case is ignored, accents are not) or none (compare exactly, with a finding)")
	fl.StringVar(&f.autocommit, "autocommit", "atomic", "procedures without a transaction: atomic (one transaction), commit (after each write) or auto (the same where the caller has no transaction open)")
	fl.StringVar(&f.zeroDates, "zero-dates", "stop", "dates like 0000-00-00, which PostgreSQL does not have: stop (refuse what stores one), null, or the date that replaces them, such as 0001-01-01")
	fl.StringVar(&f.spatial, "spatial", "none", "geometries: none (columns as bytes, functions refused) or postgis (the extension's type and functions, with a finding)")
	fl.StringVar(&f.fulltext, "fulltext", "none", "full text search: none (MATCH ... AGAINST is refused) or tsvector (the target's own search, with a finding)")
	fl.StringVar(&f.autonomous, "autonomous", "none", "autonomous transactions of Oracle: none (refused) or dblink (a second connection by that extension; the setting godwit_oracle.dblink of the database says how)")
	fl.StringVar(&f.crypto, "crypto", "none", "DBMS_CRYPTO.ENCRYPT and DECRYPT of Oracle: none (refused) or pgcrypto (that extension of PostgreSQL does it: AES, CBC, PKCS5)")
	fl.StringVar(&f.packages, "packages", "schema", "packages and methods of object types of Oracle: schema (a schema of the package's name) or prefix (names in the owner's schema: package_member)")
	fl.StringVar(&f.profile, "profile", "", "`FILE` with what the script of godwit profile has printed at the source: NUMBER columns of Oracle that hold whole numbers only become bigint")
	fl.StringVar(&f.charset, "charset", "utf-8", "charset of SOURCE files: utf-8 or latin1")
	fl.IntVar(&f.lineWidth, "line-width", 100, "width of the emitted lines")
}

// leastWidth is the least width of lines for which statements are laid out.
const leastWidth = 20

// options checks the flags and makes conversion options of them, for the scripts of SOURCE ("" for a live one).
func (f *sourceFlags) options(arg string) (godwit.Options, error) {
	opt := godwit.Options{From: dialect.Name(f.from), Settings: dialect.Settings{}, Schema: f.schema, LineWidth: f.lineWidth, Charset: f.charset}
	if opt.From == "" {
		opt.From = dialect.MySQL
	}
	name, ver, err := godwit.ParseTarget(f.to)
	if err != nil {
		return opt, usage("--to: %v", err)
	}
	opt.To, opt.ToVersion = name, ver
	for _, s := range f.set {
		n, v, err := dialect.ParseSetting(s)
		if err != nil {
			return opt, usage("--set: %v", err)
		}
		if err := dialect.CheckSetting(opt.From, n, v); err != nil {
			return opt, usage("--set %s: %v", s, err)
		}
		opt.Settings[n] = v
	}
	if f.lineWidth < leastWidth {
		return opt, usage("--line-width %d: want %d at least", f.lineWidth, leastWidth)
	}
	for _, w := range []struct {
		flag, have string
		want       []string
	}{{"collations", f.collations, []string{"icu", "citext", "none"}}, {"autocommit", f.autocommit, []string{"atomic", "auto", "commit"}}, {"packages", orDefault(f.packages, "schema"), []string{"schema", "prefix"}}} {
		if n := len(w.want) - 1; !slices.Contains(w.want, w.have) {
			return opt, usage("--%s %s: want %s or %s", w.flag, w.have, strings.Join(w.want[:n], ", "), w.want[n])
		}
	}
	opt.Policy.Collations, opt.Policy.Autocommit = f.collations, f.autocommit
	if f.packages == "prefix" {
		opt.Policy.Packages = f.packages
	}
	for _, w := range []struct {
		flag, have, other string
		to                *string
	}{
		{"spatial", f.spatial, "postgis", &opt.Policy.Spatial}, {"fulltext", f.fulltext, "tsvector", &opt.Policy.Fulltext},
		{"autonomous", f.autonomous, "dblink", &opt.Policy.Autonomous}, {"crypto", f.crypto, "pgcrypto", &opt.Policy.Crypto},
	} {
		switch w.have {
		case "", "none":
		case w.other:
			*w.to = w.have
		default:
			return opt, usage("--%s %s: want none or %s", w.flag, w.have, w.other)
		}
	}
	switch f.zeroDates {
	case "", "stop":
	case "null":
		opt.Policy.ZeroDates = "null"
	default:
		if _, err := time.Parse(time.DateOnly, f.zeroDates); err != nil {
			return opt, usage("--zero-dates %s: want stop, null or a date such as 0001-01-01", f.zeroDates)
		}
		opt.Policy.ZeroDates = f.zeroDates
	}
	if err := f.readProfile(&opt); err != nil {
		return opt, err
	}
	for _, p := range f.catalog {
		fs, list, err := readPath(p)
		if err == nil && len(list.unread) > 0 {
			err = fmt.Errorf("read %s: %s", p, list.unread[0])
		}
		if err != nil {
			return opt, err
		}
		opt.Catalog = append(opt.Catalog, fs...)
	}
	if arg != "" && !endpoint.IsURL(arg) {
		opt.Include, err = included(arg)
	}
	return opt, err
}

// sourceText is what a SOURCE argument holds.
type sourceText struct {
	label  string
	files  []*source.File
	live   bool // files is one script that was read from a live database
	unseen []string
	cut    []string // files that seem to be cut off
	sizes  []extract.Size
}

// read reads SOURCE: a file, a folder, "-" for standard input, or a live URL, whose settings fill opt.
func (a *app) read(ctx context.Context, arg string, opt *godwit.Options, f *sourceFlags) (*sourceText, error) {
	switch {
	case endpoint.IsURL(arg):
		return readLive(ctx, arg, opt, f)
	case arg == "-":
		in, err := textfile.Reader(a.in, "standard input")
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(in)
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return &sourceText{label: "standard input", files: []*source.File{source.NewFile("-", string(b))}}, nil
	}
	files, list, err := readPath(arg)
	if err != nil {
		return nil, err
	}
	opt.Found = list.found
	st := &sourceText{label: arg, files: files, unseen: list.unread}
	for _, f := range files {
		if textfile.CutDump([]byte(f.Text)) {
			st.cut = append(st.cut, f.Name)
		}
	}
	return st, nil
}

// judge notes among what was not seen that the source is empty or cut off, or that nothing of it could be read, which is an error.
func (s *sourceText) judge(conv *godwit.Conversion) error {
	unread, all := conv.Unread()
	switch {
	case len(s.cut) > 0:
		for _, name := range s.cut {
			s.unseen = append(s.unseen, fmt.Sprintf("the end of %s: it begins as a dump, and its last line is not \"-- Dump completed\"; make the dump again, or take its first line away if all is there.", name))
		}
		return fmt.Errorf("%s: the dump is cut off", strings.Join(s.cut, ", "))
	case all == 0:
		s.unseen = append(s.unseen, fmt.Sprintf("%s holds no statement.", s.label))
	case unread == all:
		e := fmt.Errorf("none of the %d statements of %s could be read as %s: see --from and --charset", all, s.label, flavorName(string(conv.Options.From)))
		s.unseen = append(s.unseen, e.Error()+".")
		return e
	}
	return nil
}

// sourceList are the files of SOURCE.
type sourceList struct {
	folder bool
	paths  []string
	unread []string  // those that are no text, and why
	found  diag.List // about how they are read
}

// readPath reads a file, or all scripts below a folder in order of their names.
func readPath(p string) ([]*source.File, *sourceList, error) {
	list, err := sourcePaths(p)
	if err != nil {
		return nil, nil, err
	}
	var files []*source.File
	for _, p := range list.paths {
		text, err := readScript(p)
		if list.leaves(err) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read source: %w", err)
		}
		files = append(files, source.NewFile(filepath.ToSlash(p), string(text)))
	}
	if len(files) == 0 {
		return nil, nil, list.none(p)
	}
	return files, list, nil
}

func readScript(p string) ([]byte, error) {
	f, _, err := textfile.OpenScript(p)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	return text, errors.Join(err, f.Close())
}

// sourcePaths is a file, or all scripts below a folder in order of their names. A file of a folder that is no text stands among those that are not read: the
// others are not in vain for it.
func sourcePaths(p string) (*sourceList, error) {
	st, err := os.Stat(p)
	if err != nil {
		return nil, fmt.Errorf("read source: %w", err)
	}
	if !st.IsDir() {
		list := &sourceList{paths: []string{p}}
		if !st.Mode().IsRegular() {
			return list, nil // a pipe can be read once only
		}
		return list, list.look(p)
	}
	all, err := scripts(p)
	if err != nil {
		return nil, err
	}
	list := &sourceList{folder: true}
	for _, p := range all {
		err := list.look(p)
		if list.leaves(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list.paths = append(list.paths, p)
	}
	if len(list.paths) == 0 {
		return nil, list.none(p)
	}
	return list, nil
}

// none is the error of a folder of which nothing can be read.
func (l *sourceList) none(dir string) error {
	return fmt.Errorf("read source folder %s: %s", dir, l.unread[0])
}

// leaves notes a file that is no text, and tells that the others are read all the same.
func (l *sourceList) leaves(err error) bool {
	var not *textfile.NotTextError
	if !l.folder || !errors.As(err, &not) {
		return false
	}
	l.unread = append(l.unread, fmt.Sprintf("%s; nothing of it was read.", not))
	return true
}

// look opens a file and tells how it is read.
func (l *sourceList) look(p string) error {
	f, old, err := textfile.OpenScript(p)
	if err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	if old {
		l.found.Add(godwit.OldLines.New(source.Span{File: source.NewFile(filepath.ToSlash(p), "")}, "all of %s", p))
	}
	return f.Close()
}

// scriptEndings are the endings of names that count as scripts in a folder.
const scriptEndings = ".sql .ddl .tab .vw .prc .fnc .trg .pks .pkb .pkg .pck .pls .plb .plsql .spc .bdy .tps .tpb .typ .seq .syn .idx .con .mv"

func scripts(dir string) ([]string, error) {
	var out []string
	written := map[string]bool{} // by earlier conversions: that is no source
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			names, err := godwit.Written(p)
			for _, n := range names {
				written[filepath.Join(p, filepath.FromSlash(n))] = true
			}
			return err
		}
		if !written[p] && slices.Contains(strings.Fields(scriptEndings), strings.ToLower(filepath.Ext(p))) {
			if st, err := os.Stat(p); err == nil && !st.Mode().IsRegular() && !st.IsDir() {
				return fmt.Errorf("%s is no file", p) // reading a pipe may wait for ever
			}
			out = append(out, p)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read source folder: %w", err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read source folder %s: no script in it (looked for %s)", dir, scriptEndings)
	}
	sort.Strings(out)
	return out, nil
}

func readLive(ctx context.Context, url string, opt *godwit.Options, f *sourceFlags) (*sourceText, error) {
	src, err := extract.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	var schemas []string
	for _, s := range strings.Split(f.schema, ",") {
		if s = strings.TrimSpace(s); s != "" {
			schemas = append(schemas, s)
		}
	}
	r, err := src.Read(ctx, schemas...)
	if err != nil {
		return nil, err
	}
	if f.from == "" {
		opt.From = dialect.Name(r.Flavor)
	}
	opt.Schema = ""
	if len(r.Schemas) > 0 {
		opt.Schema = r.Schemas[0]
	}
	for k, v := range r.Settings {
		if _, given := opt.Settings[dialect.NormalizeSetting(k)]; !given {
			opt.Settings[dialect.NormalizeSetting(k)] = v
		}
	}
	st := &sourceText{live: true, files: []*source.File{source.NewFile(endpoint.Redact(url), r.Script())}, sizes: r.Sizes}
	st.label = fmt.Sprintf("%s %s at %s (%s)", flavorName(r.Flavor), r.Version, endpoint.Redact(url), strings.Join(r.Schemas, ", "))
	for _, u := range r.Unseen {
		st.unseen = append(st.unseen, u.String())
	}
	return st, nil
}

func flavorName(f string) string {
	switch f {
	case "mysql":
		return "MySQL"
	case "mariadb":
		return "MariaDB"
	case "oracle":
		return "Oracle"
	}
	return f
}
