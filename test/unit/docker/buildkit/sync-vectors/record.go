package main

import (
	"context"
	"io"
	"os"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

type stat struct {
	Path     string `json:"path"`
	Mode     uint32 `json:"mode"`
	Size     int64  `json:"size,omitempty"`
	ModTime  int64  `json:"modTime,string"`
	LinkName string `json:"linkName,omitempty"`
}

// A receiver that asks for all that it can.
type receiver struct {
	out      *vector
	incoming chan *types.Packet
	open     int
	lastStat bool
	finished bool
}

func (r *receiver) Context() context.Context { return context.Background() }

func (r *receiver) SendMsg(message any) error {
	packet := message.(*types.Packet)
	switch packet.Type {
	case types.PACKET_STAT:
		r.stat(packet.Stat)
	case types.PACKET_DATA:
		if len(packet.Data) == 0 {
			r.open--
		}
		r.out.Contents[packet.ID] += string(packet.Data)
	case types.PACKET_ERR:
		r.out.Error = string(packet.Data)
	}
	if r.lastStat && r.open == 0 && !r.finished {
		r.finished = true
		r.incoming <- &types.Packet{Type: types.PACKET_FIN}
	}
	return nil
}

func (r *receiver) stat(one *types.Stat) {
	if one == nil {
		r.lastStat = true
		return
	}
	id := uint32(len(r.out.Stats))
	mode := os.FileMode(one.Mode)
	r.out.Stats = append(r.out.Stats, stat{one.Path, one.Mode, one.Size, one.ModTime, one.Linkname})
	if mode.IsRegular() && one.Linkname == "" {
		r.open++
		r.incoming <- &types.Packet{Type: types.PACKET_REQ, ID: id}
	}
}

func (r *receiver) RecvMsg(message any) error {
	packet, ok := <-r.incoming
	if !ok {
		return io.EOF
	}
	into := message.(*types.Packet)
	into.Type, into.ID = packet.Type, packet.ID
	return nil
}

// As buildx has it: owner and group reset, then narrowed by what the frontend asks for.
func record(one *vector) {
	root, err := os.MkdirTemp("", "sync-vectors-")
	check(err)
	defer os.RemoveAll(root)
	build(root, one.Tree)
	one.Stats, one.Contents = []stat{}, map[uint32]string{}
	base, err := fsutil.NewFS(root)
	check(err)
	reset := func(_ string, one *types.Stat) fsutil.MapResult {
		one.Uid, one.Gid = 0, 0
		return fsutil.MapResultKeep
	}
	local, err := fsutil.NewFilterFS(base, &fsutil.FilterOpt{Map: reset})
	check(err)
	asked := one.Request
	narrowed, err := fsutil.NewFilterFS(local, &fsutil.FilterOpt{
		IncludePatterns: asked.Include,
		ExcludePatterns: asked.Exclude,
		FollowPaths:     asked.Follow,
	})
	if err != nil {
		one.Error = err.Error()
		return
	}
	r := &receiver{out: one, incoming: make(chan *types.Packet, 100_000)}
	if err := fsutil.Send(context.Background(), r, narrowed, nil); err != nil && one.Error == "" {
		one.Error = err.Error()
	}
}
