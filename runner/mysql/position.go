package mysql

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/runner/change"
)

// Family tells MySQL from MariaDB.
type Family string

// Families of servers.
const (
	MySQL   Family = "mysql"
	MariaDB Family = "mariadb"
)

// Position is a place in a server's binary log: GTIDs where the server has them, and file and offset.
//
// Its text is family/gtid/SET/file:offset@server, or family/file//file:offset@server+birth for a server without GTIDs. The server
// is whose log the file belongs to, and the birth is how the file begins (see beginning); positions that were stored before they were
// known have none.
type Position struct {
	family Family
	gtids  bool // the GTID set is known, and it is what counts; the set may be empty
	my     *mysql.MysqlGTIDSet
	maria  domains
	file   string
	offset uint64
	server string    // see Source.server; "" not known
	begin  beginning // of the file, where there are no GTIDs
}

var _ change.Position = (*Position)(nil)

// domains are MariaDB's GTIDs: the last one of each domain.
type domains map[uint32]domainGTID

type domainGTID struct {
	server uint32
	seq    uint64
}

// String is the text encoding.
func (p *Position) String() string {
	kind, set := "file", ""
	if p.gtids {
		kind, set = "gtid", p.set()
	}
	text := fmt.Sprintf("%s/%s/%s/%s:%d", p.family, kind, set, p.file, p.offset)
	if p.server != "" {
		text += "@" + p.server
	}
	return text + p.begin.String()
}

func (p *Position) set() string {
	switch {
	case p.my != nil:
		return p.my.String()
	case p.maria != nil:
		return p.maria.String()
	}
	return ""
}

func (d domains) String() string {
	ids := make([]uint32, 0, len(d))
	for id := range d {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = fmt.Sprintf("%d-%d-%d", id, d[id].server, d[id].seq)
	}
	return strings.Join(parts, ",")
}

// Covers tells that everything up to and including other has been passed.
func (p *Position) Covers(other change.Position) bool {
	o, ok := other.(*Position)
	if !ok || o == nil || p.family != o.family {
		return false
	}
	if !p.gtids || !o.gtids {
		return p.file != "" && o.file != "" && compareFile(p, o) >= 0
	}
	if p.family == MariaDB {
		return p.maria.covers(o.maria)
	}
	return p.my.Contain(o.my)
}

func (d domains) covers(o domains) bool {
	for id, g := range o {
		if d[id].seq < g.seq {
			return false
		}
	}
	return true
}

// compareFile orders by the number at the end of the file's name, then by offset.
func compareFile(a, b *Position) int {
	x, y := fileNumber(a.file), fileNumber(b.file)
	switch {
	case x != y:
		if x < y {
			return -1
		}
		return 1
	case a.offset < b.offset:
		return -1
	case a.offset > b.offset:
		return 1
	}
	return 0
}

func fileNumber(name string) uint64 {
	n, err := strconv.ParseUint(name[strings.LastIndexByte(name, '.')+1:], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// clone makes a copy that shares nothing: the client library changes the sets that it is given.
func (p *Position) clone() *Position {
	c := *p
	if p.my != nil {
		c.my = p.my.Clone().(*mysql.MysqlGTIDSet)
	}
	if p.maria != nil {
		c.maria = make(domains, len(p.maria))
		for id, g := range p.maria {
			c.maria[id] = g
		}
	}
	return &c
}

var errPosition = errors.New("not a position of MySQL or MariaDB")

// ParsePosition reads the text of a Position.
func ParsePosition(text string) (*Position, error) {
	parts := strings.SplitN(text, "/", 4)
	if len(parts) != 4 {
		return nil, fmt.Errorf("position %q: %w", text, errPosition)
	}
	p := &Position{family: Family(parts[0]), gtids: parts[1] == "gtid"}
	if p.family != MySQL && p.family != MariaDB || parts[1] != "gtid" && parts[1] != "file" {
		return nil, fmt.Errorf("position %q: %w", text, errPosition)
	}
	parts[3], p.server, _ = strings.Cut(parts[3], "@")
	var err error
	if !p.gtids {
		if p.server, p.begin, err = cutBeginning(p.server); err != nil {
			return nil, fmt.Errorf("position %q: %w", text, errPosition)
		}
	}
	colon := strings.LastIndexByte(parts[3], ':')
	if colon < 0 {
		return nil, fmt.Errorf("position %q: %w", text, errPosition)
	}
	p.file = parts[3][:colon]
	if p.offset, err = strconv.ParseUint(parts[3][colon+1:], 10, 64); err != nil {
		return nil, fmt.Errorf("position %q: %w", text, errPosition)
	}
	if p.gtids {
		if err := p.parseSet(parts[2]); err != nil {
			return nil, fmt.Errorf("position %q: %w", text, err)
		}
	}
	return p, nil
}

// parseSet reads @@gtid_executed or @@gtid_binlog_pos.
func (p *Position) parseSet(set string) error {
	p.gtids = true
	if p.family == MariaDB {
		var err error
		p.maria, err = parseDomains(set)
		return err
	}
	g, err := mysql.ParseMysqlGTIDSet(strings.ReplaceAll(set, "\n", ""))
	if err != nil {
		return fmt.Errorf("read GTID set (tagged GTIDs are not supported): %w", err)
	}
	p.my = g.(*mysql.MysqlGTIDSet)
	return nil
}

func parseDomains(set string) (domains, error) {
	d := domains{}
	if set == "" {
		return d, nil
	}
	for _, s := range strings.Split(set, ",") {
		g, err := mysql.ParseMariadbGTID(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("read GTID %q: %w", s, err)
		}
		if d[g.DomainID].seq <= g.SequenceNumber {
			d[g.DomainID] = domainGTID{g.ServerID, g.SequenceNumber}
		}
	}
	return d, nil
}

// libSet is the set in the client library's form.
func (p *Position) libSet() (mysql.GTIDSet, error) {
	if p.family == MariaDB {
		return mysql.ParseMariadbGTIDSet(p.maria.String())
	}
	return p.my.Clone(), nil
}
