package mysql

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"
	"github.com/google/uuid"

	"godwit/runner/change"
)

const (
	// heartbeat is how often an idle server says so. MySQL counts it in whole seconds: with less than one it sends a
	// heartbeat for every event that it passes over while it looks for the position.
	heartbeat   = time.Second
	readTimeout = 30 * time.Second
	pieceBytes  = 1 << 20 // a larger transaction is handed on in pieces
)

// Stream follows the changes of tables after from and sends them to out, transaction by transaction. It returns only
// with an error; ctx ends it. Everything sent is whole: an error never cuts a transaction's end off, the rest is simply
// not sent, and following again from the last Position that was seen gives no gap and no repetition.
//
// Errors that wrap ErrSchema, ErrRefused, ErrSettings or ErrPositionLost come again when tried again.
func (s *Source) Stream(ctx context.Context, from change.Position, tables []*change.Table, out chan<- *change.Tx) error {
	p, ok := from.(*Position)
	if !ok {
		return fmt.Errorf("follow changes: position %q is not of this source", from)
	}
	end, err := s.resumable(ctx, p)
	if err != nil {
		return err
	}
	coded, charsets, err := s.coded(ctx, tables)
	if err != nil {
		return err
	}
	at, err := s.dated(ctx, p)
	if err != nil {
		return err
	}
	f := newFollower(ctx, s.family, at, coded, out)
	f.charsets = charsets
	f.folds = s.vars["lower_case_table_names"] != "0"
	f.server, f.serverID = s.server(), s.vars["server_id"]
	if f.exact = p.server == f.server; !f.exact {
		f.all = end
	}
	sync := replication.NewBinlogSyncer(s.syncerConfig(s.opts.ServerID, f))
	defer sync.Close()
	streamer, err := start(sync, p)
	if err != nil {
		return logError(p, err)
	}
	for {
		_, err := streamer.GetEvent(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case f.err != nil:
			return f.err
		case err != nil:
			return logError(p, err)
		}
	}
}

// resumable checks settings and that the position is in this server's past, whose end it returns.
func (s *Source) resumable(ctx context.Context, p *Position) (*Position, error) {
	if err := s.with(ctx, func(c *client.Conn) error { return s.settings(ctx, c) }); err != nil {
		return nil, err
	}
	if s.gtids != p.gtids {
		return nil, fmt.Errorf("%w: %s and the server do not both use GTIDs: start the task anew", ErrPositionLost, p)
	}
	var end *Position
	var anew string
	err := s.with(ctx, func(c *client.Conn) (err error) {
		if end, err = s.end(ctx, c); err != nil || !end.Covers(p) {
			return err
		}
		anew, err = s.begunAnew(ctx, c, p)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case !end.Covers(p):
		return nil, fmt.Errorf("%w: %s is not in the past of %s, which is at %s: it was restored from a backup or is another server; "+
			"start the task anew", ErrPositionLost, p, s.ep, end)
	case anew != "":
		return nil, fmt.Errorf("%w: %s is not in the log of %s any more, although it counts that far: %s, so it was begun anew (RESET MASTER, a restored backup); "+
			"start the task anew", ErrPositionLost, p, s.ep, anew)
	}
	return end, nil
}

func (s *Source) coded(ctx context.Context, tables []*change.Table) (out []*table, charsets map[uint64]string, err error) {
	c, err := dial(ctx, s.ep, s.tls)
	if err != nil {
		return nil, nil, err
	}
	defer c.Close()
	if out, err = s.codecs(ctx, c, tables); err != nil {
		return nil, nil, err
	}
	charsets, err = readCollations(ctx, c, s.family)
	return out, charsets, err
}

func (s *Source) syncerConfig(id uint32, h replication.EventHandler) replication.BinlogSyncerConfig {
	cfg := replication.BinlogSyncerConfig{
		ServerID: id, Flavor: string(s.family),
		Host: s.ep.Host, User: s.ep.User, Password: s.ep.Password(),
		TLSConfig: s.tls, HeartbeatPeriod: heartbeat, ReadTimeout: readTimeout,
		DisableRetrySync: true, DiscardGTIDSet: true, TimestampStringLocation: time.UTC,
		Logger:                  slog.New(slog.DiscardHandler),
		Dialer:                  dialSlack,
		RawModeEnabled:          true,
		SynchronousEventHandler: h,
	}
	if s.ep.Socket != "" {
		cfg.Host = s.ep.Socket
	} else {
		fmt.Sscan(s.ep.Port, &cfg.Port)
	}
	return cfg
}

func start(sync *replication.BinlogSyncer, p *Position) (*replication.BinlogStreamer, error) {
	if p.gtids {
		set, err := p.libSet()
		if err != nil {
			return nil, err
		}
		return sync.StartSyncGTID(set)
	}
	return sync.StartSync(mysql.Position{Name: p.file, Pos: uint32(p.offset)})
}

// logError names the errors of the server that come again.
func logError(p *Position, err error) error {
	var my *mysql.MyError
	if errors.As(err, &my) {
		switch my.Code {
		case mysql.ER_MASTER_FATAL_ERROR_READING_BINLOG, 1789, 1945: // purged, ER_MASTER_HAS_PURGED_REQUIRED_GTIDS, MariaDB's ER_GTID_POSITION_NOT_FOUND_IN_BINLOG
			return fmt.Errorf("%w %s: %w; start the task anew, and keep the binary log longer than the full load takes", ErrPositionLost, p, err)
		case mysql.ER_SPECIFIC_ACCESS_DENIED_ERROR, mysql.ER_ACCESS_DENIED_ERROR:
			return fmt.Errorf("%w: %w; grant REPLICATION SLAVE to the user", ErrSettings, err)
		}
	}
	return fmt.Errorf("follow the binary log from %s: %w", p, transient(err))
}

// follower turns the events of the log into transactions. It runs in the client library's goroutine.
type follower struct {
	ctx      context.Context
	out      chan<- *change.Tx
	tables   map[string]map[string]*table
	charsets map[uint64]string // by the numbers of collations
	folds    bool              // table names differ by more than case
	err      error

	pos      *Position // after the last finished transaction, then moved on
	file     string
	head     beginning // of the file
	server   string    // of the file; "" when the stream does not come from the server that was asked
	serverID string    // of the server that was asked
	// exact tells that all that is in the position is in front of its place in the server's log. It is not at first where the position
	// comes from another server, whose log may have another order: then all of it is in front of the end that the log had.
	exact   bool
	all     *Position
	body    []byte // of the last rows event, without header
	bodyAt  int    // where its rows begin
	maps    map[uint64]*tableMap
	mapped  []uint64 // tables of the statement being read
	parsers parsers
	payload uint32 // end of the compressed transaction being read, 0 outside

	tx     change.Tx
	inTx   bool // between BEGIN and its end
	group  bool // a GTID was read and its group has not ended
	pieces bool // parts of the group were handed on
	xa     bool
	alter  alterPhase
	mygtid string // of the group being read
	maria  mysql.MariadbGTID
	myid   uuid.UUID
	myno   int64
	commit time.Time
	begins uint64 // offset of the group's first byte
}

func newFollower(ctx context.Context, family Family, pos *Position, coded []*table, out chan<- *change.Tx) *follower {
	f := &follower{ctx: ctx, out: out, pos: pos, file: pos.file, head: pos.begin, tables: map[string]map[string]*table{}, maps: map[uint64]*tableMap{}}
	f.parsers = newParsers(family, f.rowsHeader)
	for _, t := range coded {
		m := f.tables[t.t.Catalog.Schema]
		if m == nil {
			m = map[string]*table{}
			f.tables[t.t.Catalog.Schema] = m
		}
		m[t.t.Catalog.Name] = t
	}
	return f
}

// rowsHeader replaces the library's decoding of rows: the values are decoded by our own codec.
// See Rows_event in MySQL's documentation of the binary log's events.
func (f *follower) rowsHeader(e *replication.RowsEvent, data []byte) error {
	const flags, second = 2, 2 // bytes; the version whose events say more
	at := tableIDBytes + flags
	if len(data) < at+3 {
		return errShort
	}
	e.TableID, e.Flags = little(data[:tableIDBytes]), binary.LittleEndian.Uint16(data[tableIDBytes:])
	if e.Version == second {
		at += int(binary.LittleEndian.Uint16(data[at:])) // of what it says more, these bytes included
	}
	if len(data) <= at {
		return errShort
	}
	count, _, n := mysql.LengthEncodedInt(data[at:])
	at += n
	size := (int(count) + 7) / 8
	bitmaps := 1
	if e.Type() == replication.EnumRowsEventTypeUpdate || e.Type() == replication.EnumRowsEventTypeUnknown {
		bitmaps = 2 // a partial update is of no known type
	}
	if count > maxColumns || len(data) < at+bitmaps*size {
		return errShort
	}
	e.ColumnCount, e.ColumnBitmap1 = count, data[at:at+size]
	at += size
	if bitmaps == 2 {
		e.ColumnBitmap2 = data[at : at+size]
		at += size
	}
	f.body, f.bodyAt = data, at
	return nil
}

// maxColumns is more columns than a table can have.
const maxColumns = 1 << 16

// HandleEvent takes the next event of the log.
func (f *follower) HandleEvent(e *replication.BinlogEvent) error {
	if f.err == nil {
		f.err = f.take(e)
	}
	return f.err
}

func (f *follower) take(e *replication.BinlogEvent) error {
	whole, err := f.parsers.parse(e)
	if err != nil {
		return fmt.Errorf("read the event at %s: %w", f.place(e), err)
	}
	if !f.pos.gtids {
		f.head.take(e, f.parsers.checksum)
	}
	return f.handle(whole)
}

func (f *follower) handle(e *replication.BinlogEvent) error {
	switch ev := e.Event.(type) {
	case *replication.RotateEvent:
		if next := string(ev.NextLogName); next != f.file {
			f.file, f.head = next, beginning{}
		}
		if e.Header.Timestamp == 0 && strconv.FormatUint(uint64(e.Header.ServerID), 10) != f.serverID { // the first one is the server's own
			f.server, f.exact, f.all = "", false, nil
		}
		clear(f.maps)
	case *replication.FormatDescriptionEvent:
		f.head.described(e)
		clear(f.maps) // a restarted server numbers its tables anew
	case *replication.GtidTaggedLogEvent:
		return f.refuse(e, "a GTID with a tag (%s): tagged GTIDs are not supported", ev.Tag)
	case *replication.GTIDEvent:
		return f.gtid(e, ev)
	case *replication.MariadbGTIDEvent:
		return f.mariaGTID(e, ev)
	case *replication.QueryEvent:
		return f.query(e, ev)
	case *replication.TableMapEvent:
		return f.tableMap(e, ev)
	case *replication.RowsEvent:
		return f.rows(e, ev)
	case *replication.XIDEvent:
		return f.finish(e)
	case *replication.HeartbeatEvent:
		return f.beat(e)
	case *replication.GenericEvent:
		if e.Header.EventType == replication.TRANSACTION_PAYLOAD_EVENT {
			return f.compressed(e)
		}
		return f.other(e)
	case *replication.ExecuteLoadQueryEvent:
		return f.refuse(e, "LOAD DATA logged as a statement: set binlog_format=ROW")
	}
	return nil
}

// refuse stops the stream at an event that cannot be followed exactly.
func (f *follower) refuse(e *replication.BinlogEvent, format string, args ...any) error {
	return fmt.Errorf("%w at %s: %s", ErrRefused, f.place(e), fmt.Sprintf(format, args...))
}

func (f *follower) place(e *replication.BinlogEvent) string {
	at := fmt.Sprintf("%s:%d", f.file, f.end(e))
	if f.mygtid != "" {
		at = f.mygtid + " (" + at + ")"
	}
	return at
}

// end is the offset behind an event; events inside a compressed transaction have none of their own.
func (f *follower) end(e *replication.BinlogEvent) uint32 {
	if f.payload != 0 {
		return f.payload
	}
	return e.Header.LogPos
}

func (f *follower) gtid(e *replication.BinlogEvent, ev *replication.GTIDEvent) error {
	if err := f.begin(e); err != nil {
		return err
	}
	f.commit = ev.ImmediateCommitTime()
	if f.pos.gtids {
		id, err := uuid.FromBytes(ev.SID)
		if err != nil {
			return fmt.Errorf("read GTID at %s: %w", f.place(e), err)
		}
		if e.Header.EventType == replication.ANONYMOUS_GTID_EVENT {
			return f.refuse(e, "a transaction without GTID although the server uses GTIDs")
		}
		f.myid, f.myno = id, ev.GNO
		f.mygtid = fmt.Sprintf("%s:%d", id, ev.GNO)
	}
	return nil
}

func (f *follower) mariaGTID(e *replication.BinlogEvent, ev *replication.MariadbGTIDEvent) error {
	if err := f.begin(e); err != nil {
		return err
	}
	f.maria = ev.GTID
	f.mygtid = ev.GTID.String()
	f.alter = readAlterPhase(e.RawData)
	const preparedXA, completedXA = 64, 128
	f.xa = ev.Flags&(preparedXA|completedXA) != 0
	f.inTx = ev.Flags&replication.BINLOG_MARIADB_FL_STANDALONE == 0
	return nil
}

// begin starts a group of events.
func (f *follower) begin(e *replication.BinlogEvent) error {
	if f.group {
		return f.refuse(e, "a transaction without end")
	}
	f.group, f.inTx, f.pieces, f.xa, f.mygtid, f.commit, f.alter = true, false, false, false, "", time.Time{}, alterWhole
	f.tx = change.Tx{}
	f.mapped = f.mapped[:0]
	f.begins = uint64(e.Header.LogPos) - uint64(e.Header.EventSize)
	return nil
}

// finish ends a group of events: the transaction is handed on with the position behind it.
func (f *follower) finish(e *replication.BinlogEvent) error {
	if f.payload != 0 && e.Header.EventType != replication.TRANSACTION_PAYLOAD_EVENT {
		return nil // the payload as a whole is the transaction's end
	}
	if f.commit.IsZero() {
		f.commit = time.Unix(int64(e.Header.Timestamp), 0)
	}
	f.moveTo(e)
	f.advance()
	f.group, f.inTx = false, false
	return f.send(false)
}

// moveTo sets the place of the position behind an event. A server that passes over what the position has tells of places in front of
// the position's own: they are none that it could be compared at later.
func (f *follower) moveTo(e *replication.BinlogEvent) {
	to := &Position{file: f.file, offset: uint64(e.Header.LogPos)}
	if f.pos.gtids && f.exact && f.pos.server == f.server && compareFile(to, f.pos) < 0 {
		return
	}
	if !f.exact && f.all != nil && compareFile(to, f.all) >= 0 {
		f.exact = true
	}
	f.pos.file, f.pos.offset, f.pos.server, f.pos.begin = to.file, to.offset, "", beginning{}
	if f.exact {
		f.pos.server = f.server
		if !f.pos.gtids {
			f.pos.begin = f.head
		}
	}
}

// advance adds the group's GTID to the position.
func (f *follower) advance() {
	if !f.pos.gtids || f.mygtid == "" {
		return
	}
	if f.pos.family == MariaDB {
		f.pos.maria[f.maria.DomainID] = domainGTID{f.maria.ServerID, f.maria.SequenceNumber}
		return
	}
	f.pos.my.AddGTID(f.myid, f.myno)
}

// at is the place of the group being read. By file it is one byte behind the group's beginning: positions of snapshots
// lie between groups, so one covers that byte exactly when it covers the whole group, whose end is not known yet.
func (f *follower) at() *Position {
	p := &Position{family: f.pos.family, gtids: f.pos.gtids, file: f.file, offset: f.begins + 1}
	if !p.gtids {
		return p
	}
	if p.family == MariaDB {
		p.maria = domains{f.maria.DomainID: {f.maria.ServerID, f.maria.SequenceNumber}}
		return p
	}
	p.my = &mysql.MysqlGTIDSet{Sets: map[string]*mysql.UUIDSet{}}
	if f.mygtid != "" {
		p.my.AddGTID(f.myid, f.myno)
	}
	return p
}

// send hands on what has been collected of the group.
func (f *follower) send(more bool) error {
	tx := f.tx
	f.tx = change.Tx{}
	f.pieces = f.pieces || more
	tx.ID, tx.More, tx.Commit = f.mygtid, more, f.commit
	if tx.ID == "" {
		tx.ID = fmt.Sprintf("%s:%d", f.file, f.begins)
	}
	tx.At = f.at()
	if !more {
		tx.Position = f.pos.clone()
	}
	return f.put(&tx)
}

func (f *follower) put(tx *change.Tx) error {
	select {
	case f.out <- tx:
		return nil
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
}

// beat tells that the source is alive and has nothing new.
func (f *follower) beat(e *replication.BinlogEvent) error {
	if f.group {
		return nil
	}
	if e.Header.LogPos > 4 {
		f.moveTo(e)
	}
	p := f.pos.clone()
	return f.put(&change.Tx{Position: p, At: p, Commit: time.Now()})
}

func (f *follower) query(e *replication.BinlogEvent, ev *replication.QueryEvent) error {
	under := readVars(ev.StatusVars)
	v, names, moves := classify(string(ev.Query), under)
	switch v {
	case verdictBegin:
		if !f.group { // a server before GTIDs
			if err := f.begin(e); err != nil {
				return err
			}
		}
		f.inTx = true
		return nil
	case verdictCommit:
		return f.finish(e)
	case verdictRollback:
		if f.changed() {
			return f.refuse(e, "a ROLLBACK behind changes of rows: %s", whyRolledBack)
		}
		return f.finish(e)
	case verdictRollbackTo:
		if f.changed() {
			return f.refuse(e, "a ROLLBACK TO SAVEPOINT behind changes of rows: %s", whyRolledBack)
		}
		return nil
	case verdictXA:
		return f.xaStatement(e, string(ev.Query))
	case verdictRows:
		return f.refuse(e, "a change logged as a statement: %.200s; set binlog_format=ROW for every session and start the task anew", ev.Query)
	case verdictUnknown:
		return f.refuse(e, "a statement that is not known: %.200s", ev.Query)
	case verdictTemporary, verdictTruncate, verdictDDL, verdictDrop, verdictCreate, verdictCreateIf, verdictRename:
		if f.alter == alterStarted || f.alter == alterUndone { // it takes place with its second half, or not at all
			break
		}
		if err := f.schemaChange(e, ev, v, f.resolve(names, string(ev.Schema)), f.origins(moves, string(ev.Schema))); err != nil {
			return err
		}
	}
	if f.inTx { // inside CREATE TABLE ... SELECT, or a savepoint
		return nil
	}
	return f.finish(e)
}

// changed tells that rows were changed in the group being read.
func (f *follower) changed() bool { return f.pieces || len(f.tx.Changes) > 0 }

// whyRolledBack: the log holds what was rolled back only beside something that was not.
const whyRolledBack = "the source kept a part of the transaction only (tables without transactions, or temporary tables of a session " +
	"without binlog_format=ROW); set binlog_format=ROW for every session and start the task anew"

// xaStatement passes XA transactions that do not touch migrated tables; rows refuses the others.
func (f *follower) xaStatement(e *replication.BinlogEvent, text string) error {
	f.xa = true
	l := &lexer{s: text}
	l.word()
	switch l.word() {
	case "START", "BEGIN":
		f.group, f.inTx = true, true
		return nil
	case "END":
		return nil
	}
	return f.finish(e)
}

// schemaChange adds a TRUNCATE or DDL that concerns migrated tables to the transaction, and DDL that makes a table in
// one of their schemas.
func (f *follower) schemaChange(e *replication.BinlogEvent, ev *replication.QueryEvent, v verdict, names []change.Name, origins []change.Origin) error {
	if len(names) == 0 {
		return f.refuse(e, "a schema change whose table cannot be read: %.200s", ev.Query)
	}
	under := readVars(ev.StatusVars)
	c := change.Change{Kind: change.DDL, Statement: string(ev.Query), Schema: string(ev.Schema), SQLMode: under.sqlMode(),
		Filled: f.inTx && v == verdictCreate, Names: names, Origins: origins, Zone: under.zone, Micros: under.fine,
		When: time.Unix(int64(e.Header.Timestamp), int64(under.micros)*1000)}
	if v == verdictTruncate {
		c.Kind = change.Truncate
	}
	makes := false
	for _, n := range names {
		makes = makes || f.find(n.Schema) != nil && (v == verdictCreate || v == verdictCreateIf || v == verdictRename)
		if c.Table == nil {
			c.Table = f.table(n)
		}
	}
	if c.Table == nil && !makes || c.Table != nil && v == verdictCreateIf {
		return nil
	}
	if v == verdictTemporary || c.Table != nil && !replaces(v) && e.Header.Flags&threadSpecific != 0 {
		return f.refuse(e, "a temporary table with the name of table %s: what is done with it cannot be told from what is done with that "+
			"table; set binlog_format=ROW for every session and start the task anew", c.Table.Name())
	}
	if !under.readable(ev.Query) {
		return f.refuse(e, "a schema change in another character set than UTF-8: %.200q", ev.Query)
	}
	f.tx.Changes = append(f.tx.Changes, c)
	return nil
}

// threadSpecific is the flag of statements that use a temporary table.
const threadSpecific = 4

// replaces tells statements that have the flag for any table: MariaDB sets it for every DROP TABLE and CREATE OR REPLACE TABLE.
// Those on a temporary table say so.
func replaces(v verdict) bool { return v == verdictDrop || v == verdictCreate || v == verdictCreateIf }

// find lists the migrated tables of a schema.
func (f *follower) find(schema string) map[string]*table {
	if m := f.tables[schema]; m != nil || !f.folds {
		return m
	}
	for name, m := range f.tables {
		if strings.EqualFold(name, schema) {
			return m
		}
	}
	return nil
}

// table is the migrated table of a name; of a whole schema it is one of its tables.
func (f *follower) table(n change.Name) *change.Table {
	tables := f.find(n.Schema)
	if t := tables[n.Table]; t != nil {
		return t.t
	}
	for name, t := range tables {
		if n.Table == "" || f.folds && strings.EqualFold(n.Table, name) {
			return t.t
		}
	}
	return nil
}

// resolve completes names of a statement; those of migrated tables are spelled as in the catalog.
func (f *follower) resolve(names []tableName, schema string) []change.Name {
	var out []change.Name
	for _, n := range names {
		c := change.Name{Schema: cmp.Or(n.schema, schema), Table: n.name}
		if t := f.table(c); t != nil && n.name != "" {
			c = change.Name{Schema: t.Catalog.Schema, Table: t.Catalog.Name}
		}
		out = append(out, c)
	}
	return out
}

// origins tells where rows come from that renamings move, one after the other.
func (f *follower) origins(moves []renaming, schema string) []change.Origin {
	var out []change.Origin
	for _, m := range moves {
		pair := f.resolve([]tableName{m.from, m.to}, schema)
		o := change.Origin{Table: pair[1], Was: pair[0]}
		if i := slices.IndexFunc(out, func(was change.Origin) bool { return was.Table == pair[0] }); i >= 0 {
			o.Was = out[i].Was
			out = slices.Delete(out, i, i+1)
		}
		out = append(slices.DeleteFunc(out, func(was change.Origin) bool { return was.Table == o.Table }), o)
	}
	return out
}

// harmless are events that this reader need not understand.
var harmless = map[replication.EventType]bool{
	replication.STOP_EVENT: true, replication.RAND_EVENT: true, replication.USER_VAR_EVENT: true, replication.INTVAR_EVENT: true,
	replication.IGNORABLE_EVENT: true, replication.VIEW_CHANGE_EVENT: true, replication.TRANSACTION_CONTEXT_EVENT: true,
	replication.MARIADB_START_ENCRYPTION_EVENT: true,
}

// ignorable is the flag of events that a reader may skip when it does not know them.
const ignorable = 0x80

func (f *follower) other(e *replication.BinlogEvent) error {
	if e.Header.EventType == replication.XA_PREPARE_LOG_EVENT {
		f.xa = true
		return f.finish(e)
	}
	if harmless[e.Header.EventType] || e.Header.Flags&ignorable != 0 {
		return nil
	}
	return f.refuse(e, "event %s (type %d), which is not known", e.Header.EventType, e.Header.EventType)
}

// noForeignKeyChecks is the flag of rows events that were written with foreign_key_checks=0.
const noForeignKeyChecks = 2

func (f *follower) rows(e *replication.BinlogEvent, ev *replication.RowsEvent) error {
	m := f.maps[ev.TableID]
	if m == nil || !slices.Contains(f.mapped, ev.TableID) {
		return f.refuse(e, "rows of a table without table map")
	}
	if ev.Flags&replication.RowsEventStmtEndFlag != 0 {
		f.mapped = f.mapped[:0]
	}
	if int(ev.ColumnCount) != int(m.as.ColumnCount) {
		return f.refuse(e, "rows of %d columns of a table whose table map has %d", ev.ColumnCount, m.as.ColumnCount)
	}
	if m.t == nil {
		return nil
	}
	if f.xa {
		return f.refuse(e, "an XA transaction on table %s: XA is not supported, a prepared transaction may still be rolled back; "+
			"let the applications use other transactions, or exclude the table, and start the task anew", m.t.t.Name())
	}
	if ev.Flags&noForeignKeyChecks != 0 && m.t.actions && ev.Type() != replication.EnumRowsEventTypeInsert {
		return f.refuse(e, "a change of table %s with foreign_key_checks=0: the source ran no CASCADE or SET NULL, the target would; "+
			"change such tables with foreign_key_checks=1, and start the task anew", m.t.t.Name())
	}
	if e.Header.EventType == replication.PARTIAL_UPDATE_ROWS_EVENT {
		return f.refuse(e, "a partial JSON update of table %s: SET GLOBAL binlog_row_value_options=''", m.t.t.Name())
	}
	c, err := f.decodeRows(e, ev, m)
	if err != nil {
		return err
	}
	f.tx.Changes = append(f.tx.Changes, c)
	f.tx.Bytes += int64(e.Header.EventSize)
	if f.tx.Bytes >= pieceBytes {
		return f.send(true)
	}
	return nil
}

func (f *follower) decodeRows(e *replication.BinlogEvent, ev *replication.RowsEvent, m *tableMap) (change.Change, error) {
	c := change.Change{Table: m.t.t}
	data := f.body[f.bodyAt:]
	switch e.Header.EventType {
	case replication.MARIADB_WRITE_ROWS_COMPRESSED_EVENT_V1, replication.MARIADB_UPDATE_ROWS_COMPRESSED_EVENT_V1, replication.MARIADB_DELETE_ROWS_COMPRESSED_EVENT_V1:
		var err error
		if data, err = mysql.DecompressMariadbData(data); err != nil {
			return c, fmt.Errorf("decompress rows at %s: %w", f.place(e), err)
		}
	}
	d := rowDecoder{m: m, data: data, buf: make([]byte, 0, len(data)+len(data)/2)}
	var err error
	switch ev.Type() {
	case replication.EnumRowsEventTypeInsert:
		c.Kind = change.Insert
		c.After, _, err = d.all(ev.ColumnBitmap1, nil)
	case replication.EnumRowsEventTypeDelete:
		c.Kind = change.Delete
		c.Before, _, err = d.all(ev.ColumnBitmap1, nil)
	case replication.EnumRowsEventTypeUpdate:
		c.Kind = change.Update
		c.Before, c.After, err = d.all(ev.ColumnBitmap1, ev.ColumnBitmap2)
	default:
		return c, f.refuse(e, "a rows event of type %d", e.Header.EventType)
	}
	if err != nil {
		return c, fmt.Errorf("table %s at %s: %w", m.t.t.Name(), f.place(e), err)
	}
	return c, nil
}

// rowDecoder reads row images, one after the other.
type rowDecoder struct {
	m    *tableMap
	data []byte
	buf  []byte // values are cut from it
}

// all reads images until the end, alternating between two kinds when second is given.
func (d *rowDecoder) all(first, second []byte) (a, b []change.Row, err error) {
	for len(d.data) > 0 {
		r, err := d.row(first)
		if err != nil {
			return nil, nil, err
		}
		a = append(a, r)
		if second == nil {
			continue
		}
		if r, err = d.row(second); err != nil {
			return nil, nil, err
		}
		b = append(b, r)
	}
	return a, b, nil
}

// row reads one image: a bitmap of NULLs over the present columns, then their values.
func (d *rowDecoder) row(present []byte) (change.Row, error) {
	n := 0
	for i := range d.m.cols {
		if present[i/8]&(1<<(i%8)) != 0 {
			n++
		} else if d.m.slot[i] >= 0 {
			return nil, fmt.Errorf("%w: a row image without column %s: set binlog_row_image=FULL for every session and start the task anew",
				ErrRefused, d.m.t.t.Columns[d.m.slot[i]].Name)
		}
	}
	if len(d.data) < (n+7)/8 {
		return nil, errShort
	}
	nulls := d.data[:(n+7)/8]
	d.data = d.data[len(nulls):]
	row := make(change.Row, len(d.m.t.cols))
	var invalid error
	k := 0
	for i := range d.m.cols {
		if present[i/8]&(1<<(i%8)) == 0 {
			continue
		}
		null := nulls[k/8]&(1<<(k%8)) != 0
		k++
		if null {
			continue
		}
		if err := d.value(i, row); errors.Is(err, errEncoding) {
			invalid = cmp.Or(invalid, err) // the key may stand behind it
		} else if err != nil {
			return nil, err
		}
	}
	if invalid != nil {
		return nil, fmt.Errorf("row %s: %w", cmp.Or(d.m.t.t.KeyOf(row), "without key"), invalid)
	}
	return row, nil
}

func (d *rowDecoder) value(i int, row change.Row) error {
	v := &d.m.cols[i]
	prefix, n, err := v.size(d.data)
	if err != nil {
		return err
	}
	b := d.data[prefix : prefix+n]
	d.data = d.data[prefix+n:]
	slot := d.m.slot[i]
	if slot < 0 {
		return nil
	}
	start := len(d.buf)
	if d.buf, err = v.appendValue(d.buf, b); err != nil {
		row[slot] = b // for messages
		return fmt.Errorf("column %s: %w", v.c.col.Name, err)
	}
	row[slot] = change.Value(d.buf[start:len(d.buf):len(d.buf)])
	return nil
}
