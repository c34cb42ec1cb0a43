package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"

	"github.com/spf13/cobra"

	"godwit"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/textfile"
	"godwit/runner/endpoint"
)

// convertCmd converts a source to a folder with one file per object.
type convertCmd struct {
	app    *app
	src    sourceFlags
	out    string
	json   bool
	strict bool
	force  bool
}

func (a *app) convertCommand() *cobra.Command {
	c := &convertCmd{app: a}
	cmd := &cobra.Command{
		Use:   "convert SOURCE -o DIR",
		Short: "Convert a schema with its code: one file per object, in load order",
		Long: `convert writes one file per object to DIR (schema/kind/name.sql), order.txt with one path per line in load order,
findings.json, and maps from the lines of the files to the source (maps.jsonl, and one beside each file with rows or loose
statements; read by "godwit why"). What was read from a live source is kept as source.sql.

What is refused stands in its file as a comment with its source. The same input gives the same bytes. Files of the last
conversion into DIR that somebody has edited since are written over with --force only.`,
		Example: `  godwit convert schema.sql --to postgres -o out
  godwit convert mysql://app@db1/shop --to postgres16 -o out`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			return interruptible(cmd.Context(), func() error { return c.Run(cmd.Context(), args[0]) })
		},
	}
	c.src.register(cmd)
	cmd.Flags().StringVarP(&c.out, "output", "o", "", "folder to write to")
	cmd.Flags().BoolVar(&c.json, "json", false, "print a summary as JSON")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "exit with code 3 when something is approximate, refused or not seen")
	cmd.Flags().BoolVar(&c.force, "force", false, "write over files in DIR that were edited since the last conversion into it")
	return cmd
}

// Run executes the command.
func (c *convertCmd) Run(ctx context.Context, arg string) error {
	if c.out == "" {
		return usage("convert wants a folder: -o DIR")
	}
	opt, err := c.src.options(arg)
	if err != nil {
		return err
	}
	if err := c.apart(arg); err != nil {
		return err
	}
	if err := c.keepEdits(); err != nil {
		return err
	}
	scripts, list, err := largeScripts(arg)
	if err != nil {
		return err
	}
	if scripts != nil {
		return c.stream(scripts, list, arg, opt)
	}
	src, err := c.app.read(ctx, arg, &opt, &c.src)
	if err != nil {
		return err
	}
	if src.live {
		src.files[0].Name = sourceScript(c.out)
	}
	collectRarely(src.files)
	conv, err := godwit.Convert(src.files, opt)
	if err != nil {
		return err
	}
	if err := conv.WriteFolder(c.out); err != nil {
		return err
	}
	if src.live {
		if err := writeSource(c.out, src.files[0].Text); err != nil {
			return err
		}
	}
	return c.told(conv, src)
}

// apart makes sure that the files of a source folder are not written over.
func (c *convertCmd) apart(arg string) error {
	in, err := os.Stat(arg)
	if err != nil || !in.IsDir() {
		return nil
	}
	if out, err := os.Stat(c.out); err == nil && os.SameFile(in, out) {
		return usage("-o %s is the source folder; give another one, its scripts might be written over", c.out)
	}
	return nil
}

// keepEdits makes sure that files that a person has edited since the last conversion are not written over unasked.
func (c *convertCmd) keepEdits() error {
	if c.force {
		return nil
	}
	edited, err := godwit.Edited(c.out)
	if err != nil || len(edited) == 0 {
		return err
	}
	list, more := edited, ""
	if len(list) > maxListed {
		list, more = list[:maxListed], fmt.Sprintf(" and %d more", len(list)-maxListed)
	}
	return usage("-o %s: edited since the last conversion into it: %s%s; give another folder, or --force to write over them", c.out, strings.Join(list, ", "), more)
}

// maxListed is how many edited files are named.
const maxListed = 10

// smallBytes is the size up to which scripts make so little garbage that it may pile up: a conversion makes some 80 bytes for each of
// the script's, and keeps some 30 of them.
const smallBytes = 4 << 20

// collectRarely lets the collector wait for a heap of 160 MB where scripts are small, and then run a quarter as often, unless the user
// has set how often.
func collectRarely(files []*source.File) {
	size := 0
	for _, f := range files {
		size += len(f.Text)
	}
	if size > smallBytes || os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(4000) // of the 4 MB that count at least
	first := new([16]byte)
	runtime.SetFinalizer(first, func(*[16]byte) { lazyCollector() }) // runs behind the first collection
}

// lazyCollector lets garbage be four times what is kept, unless the user has set how much.
func lazyCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// streamMemory is what the collector keeps the heap to while rows stream through, beside what is kept of the definitions: a statement of
// 1 MB has some 50 MB of nodes and text for a moment, and twice as much would be garbage otherwise.
const streamMemory = 150 << 20

// boundHeap lets the heap grow by streamMemory and as much as is kept, of which texts and maps are still to be made. What is kept is told
// by the last collection, unless there may be more than twice as much garbage; then it runs again.
func boundHeap() {
	heap, beside := inUse()
	was := int64(kept())
	switch {
	case heap <= streamMemory/4:
	case heap <= 3*was:
		heap = was
	default:
		runtime.GC()
		heap, beside = inUse()
	}
	lazyCollector() // up to the limit
	debug.SetMemoryLimit(beside + 2*heap + streamMemory)
}

// inUse tells the bytes of the heap's objects, and what else counts for the memory limit: gaps between objects, which are as large as these
// where many were let go of, stacks and what the runtime keeps.
func inUse() (heap, beside int64) {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/total:bytes"}}
	metrics.Read(s)
	heap = int64(s[0].Value.Uint64())
	return heap, int64(s[3].Value.Uint64()) - heap - int64(s[1].Value.Uint64()) - int64(s[2].Value.Uint64())
}

// stream converts scripts without keeping their rows.
func (c *convertCmd) stream(scripts []godwit.Script, list *sourceList, arg string, opt godwit.Options) error {
	opt.Found = list.found
	conv, err := bounded(opt, func(o godwit.Options) (*godwit.Conversion, error) { return godwit.ConvertFolder(scripts, o, c.out) })
	if err != nil {
		return err
	}
	src, err := largeText(arg, scripts, list)
	if err != nil {
		return err
	}
	return c.told(conv, src)
}

// largeText is what reports tell of scripts that are not kept.
func largeText(arg string, scripts []godwit.Script, list *sourceList) (*sourceText, error) {
	st := &sourceText{label: arg, unseen: list.unread}
	for _, s := range scripts {
		cut, err := textfile.FileCut(filepath.FromSlash(s.Name))
		if err != nil {
			return nil, fmt.Errorf("read source: %w", err)
		}
		if cut {
			st.cut = append(st.cut, s.Name)
		}
	}
	return st, nil
}

// bounded runs a conversion of large scripts in a heap that does not grow with their rows.
func bounded(opt godwit.Options, convert func(godwit.Options) (*godwit.Conversion, error)) (*godwit.Conversion, error) {
	steady := steadyCollector()
	defer steady()
	opt.BeforeRows = func() {
		steady()
		boundHeap()
	}
	return convert(opt)
}

// told prints the summary and tells how the command ends.
func (c *convertCmd) told(conv *godwit.Conversion, src *sourceText) error {
	unread := src.judge(conv)
	if err := c.summary(conv, src); err != nil {
		return err
	}
	if unread != nil {
		return unread
	}
	return strictError(conv, len(src.unseen), c.strict)
}

// largeBytes is the size from which scripts are not read into memory.
const largeBytes = 4 << 20

// packedRatio is how many times as large compressed scripts are taken to be.
const packedRatio = 10

// largeScripts are the scripts of SOURCE if they are too large to be kept in memory, nil otherwise.
func largeScripts(arg string) (out []godwit.Script, list *sourceList, err error) {
	if arg == "-" || endpoint.IsURL(arg) {
		return nil, nil, nil
	}
	list, err = sourcePaths(arg)
	if err != nil {
		return nil, nil, err
	}
	var size int64
	for _, p := range list.paths {
		st, err := os.Stat(p)
		if err != nil {
			return nil, nil, fmt.Errorf("read source: %w", err)
		}
		if !st.Mode().IsRegular() {
			return nil, nil, nil // a pipe can be read once only
		}
		if size += st.Size(); textfile.Packed(p) {
			size += (packedRatio - 1) * st.Size()
		}
		out = append(out, godwit.ScriptFile(filepath.ToSlash(p), p))
	}
	if size < largeBytes && (size < dumpBytes || !mostlyRows(list.paths)) {
		return nil, nil, nil
	}
	return out, list, nil
}

// dumpBytes is the size from which scripts that are mostly rows are not read into memory: the trees of rows are some hundred times as large.
const dumpBytes = 256 << 10

// mostlyRows tells that more than half of some scripts are lines of INSERT statements.
func mostlyRows(paths []string) bool {
	rows, all := 0, 0
	for _, p := range paths {
		b, err := textfile.ReadFile(p)
		if err != nil {
			return false // who reads it next says so
		}
		all += len(b)
		for line := range bytes.Lines(b) {
			text := bytes.TrimLeft(line, " \t")
			if len(text) > 12 && bytes.EqualFold(text[:12], []byte("INSERT INTO ")) || bytes.HasPrefix(text, []byte("(")) {
				rows += len(line)
			}
		}
	}
	return 2*rows > all
}

// sourceScript is where a converted folder keeps the text that was read from a live source: findings and maps name its lines.
func sourceScript(dir string) string { return filepath.ToSlash(filepath.Join(dir, "source.sql")) }

func writeSource(dir, text string) error {
	if err := os.WriteFile(sourceScript(dir), []byte(text), 0o644); err != nil {
		return fmt.Errorf("keep the source's text: %w", err)
	}
	return nil
}

type outcomes struct {
	Exact       int `json:"exact"`
	Assumed     int `json:"assumed"`
	Approximate int `json:"approximate"`
	Refused     int `json:"refused"`
}

func countOutcomes(conv *godwit.Conversion) outcomes {
	var n outcomes
	count := func(status diag.Fidelity) {
		switch status {
		case diag.Exact:
			n.Exact++
		case diag.Assumed:
			n.Assumed++
		case diag.Approximate:
			n.Approximate++
		default:
			n.Refused++
		}
	}
	for _, o := range conv.Objects() {
		count(o.Status)
	}
	for _, s := range conv.Statements() {
		if s.Status > diag.Assumed { // of loose statements only those that somebody has to look at
			count(s.Status)
		}
	}
	return n
}

func (c *convertCmd) summary(conv *godwit.Conversion, src *sourceText) error {
	n := countOutcomes(conv)
	if c.json {
		return json.NewEncoder(c.app.out).Encode(struct {
			Folder   string                 `json:"folder"`
			Objects  outcomes               `json:"objects"`
			Unseen   []string               `json:"unseen"`
			Findings []godwit.FolderFinding `json:"findings"`
		}{c.out, n, append([]string{}, src.unseen...), conv.Findings()})
	}
	fmt.Fprintf(c.app.out, "%d exact, %d exact under assumptions, %d approximate, %d refused; written to %s\n", n.Exact, n.Assumed, n.Approximate, n.Refused, c.out)
	for _, u := range src.unseen {
		fmt.Fprintf(c.app.out, "not seen: %s\n", u)
	}
	for _, f := range conv.Findings() {
		if f.Severity >= diag.Review {
			fmt.Fprintf(c.app.out, "%s:%d: %s %s: %s\n", f.File, f.Line, f.Severity, f.Code, f.Message)
		}
	}
	return nil
}

// strictError is exit code 3 when something is approximate, refused or not seen and the user wants to know.
func strictError(conv *godwit.Conversion, unseen int, strict bool) error {
	if !strict {
		return nil
	}
	n := countOutcomes(conv)
	switch {
	case unseen > 0:
		return &exitError{exitRefused, fmt.Errorf("%d approximate, %d refused and %d not seen", n.Approximate, n.Refused, unseen)}
	case n.Approximate+n.Refused > 0:
		return &exitError{exitRefused, fmt.Errorf("%d approximate and %d refused", n.Approximate, n.Refused)}
	}
	return nil
}
