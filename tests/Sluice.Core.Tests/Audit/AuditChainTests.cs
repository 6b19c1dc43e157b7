using System.Text.Json.Nodes;
using CsCheck;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly AuditKey Key = AuditKey.Derive("k1", "0123456789abcdef0123456789abcdef"u8);
    private static readonly AuditKey Other = AuditKey.Derive("k2", "another key that is not at hand."u8);
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(7);
    private static readonly AuditStream Stream = AuditStream.Administration;

    [Fact]
    public void A_chain_as_it_was_written_is_intact()
    {
        var rows = Chain(5);
        var report = AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys, checkpoints: [Checkpoint(rows, 3), Checkpoint(rows, 5)]);
        report.IsIntact.ShouldBeTrue();
        (report.Rows, report.Last).ShouldBe((5, 5));
        AuditVerifier.Verify(Stream, [], null, Keys).IsIntact.ShouldBeTrue();
    }

    public static TheoryData<string> Fields { get; } = ["time", "actorId", "actorName", "action", "object", "person", "details", "bulk", "plan", "sequence", "mac"];

    [Theory, MemberData(nameof(Fields))]
    public void A_row_of_which_anything_was_edited_is_named(string field)
    {
        var rows = Chain(5);
        var each = rows[2].Event;
        rows[2] = field == "mac" ? rows[2] with { Mac = [.. rows[2].Mac.Reverse()] } : rows[2] with
        {
            Event = field switch
            {
                "time" => each with { Time = each.Time.AddTicks(1) },
                "actorId" => each with { ActorId = "eve" },
                "actorName" => each with { ActorName = "Eve" },
                "action" => each with { Action = AuditAction.ApiKeyRevoked },
                "object" => each with { Object = new ObjectPath("lake", "db") },
                "person" => each with { Person = "" },
                "details" => each with { Details = """{"a":1}""" },
                "bulk" => each with { BulkId = Guid.Empty },
                "plan" => each with { PlanId = each.BulkId, BulkId = null },
                _ => each with { Sequence = 2 },
            },
        };
        var report = AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys);
        report.IsIntact.ShouldBeFalse();
        report.Findings[0].Fault.ShouldBe(AuditFault.RowAltered);
        report.Findings[0].From.ShouldBe(field == "sequence" ? 2 : 3);
    }

    [Fact]
    public void A_row_that_was_deleted_is_a_gap()
    {
        var rows = Chain(5);
        rows.RemoveRange(1, 2);
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys)).ShouldBe((AuditFault.RowsMissing, 2, 3));
        rows.RemoveAt(0);
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys)).ShouldBe((AuditFault.RowsMissing, 1, 3));
    }

    [Fact]
    public void A_row_that_was_deleted_is_found_though_the_others_were_renumbered()
    {
        var rows = Chain(5);
        rows.RemoveAt(1);
        for (var i = 1; i < rows.Count; i++) rows[i] = rows[i] with { Event = rows[i].Event with { Sequence = i + 1 } };
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys)).ShouldBe((AuditFault.RowAltered, 2, 4));
    }

    [Fact]
    public void A_tail_that_was_cut_is_seen_by_the_end_that_was_left_and_by_a_checkpoint()
    {
        var rows = Chain(5);
        var (head, checkpoint) = (HeadOf(rows), Checkpoint(rows, 5));
        rows.RemoveRange(3, 2);
        Only(AuditVerifier.Verify(Stream, rows, head, Keys)).Fault.ShouldBe(AuditFault.EndDiffers);
        AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys).IsIntact.ShouldBeTrue();
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys, checkpoints: [checkpoint])).ShouldBe((AuditFault.CheckpointAhead, 4, 5));
        Only(AuditVerifier.Verify(Stream, [], null, Keys, checkpoints: [checkpoint])).ShouldBe((AuditFault.CheckpointAhead, 1, 5));
    }

    [Fact]
    public void A_chain_that_was_computed_anew_without_the_key_is_wrong_from_there_on()
    {
        var rows = Chain(5);
        var forged = AuditChain.Link(Other, 1, rows[0].Mac, [.. rows.Skip(1).Select(r => r.Event with { ActorId = "eve" })]).Select(r => r with { KeyId = "k1" }).ToList();
        Only(AuditVerifier.Verify(Stream, [rows[0], .. forged], HeadOf(forged), Keys)).ShouldBe((AuditFault.RowAltered, 2, 5));
        var honest = forged.ConvertAll(r => r with { KeyId = "k2" });
        Only(AuditVerifier.Verify(Stream, [rows[0], .. honest], HeadOf(honest), Keys)).ShouldBe((AuditFault.KeyUnknown, 2, 5));
    }

    [Fact]
    public void An_older_state_that_was_continued_contradicts_a_checkpoint()
    {
        var rows = Chain(5);
        var checkpoint = Checkpoint(rows, 5);
        var continued = rows.Take(3).Concat(AuditChain.Link(Key, 3, rows[2].Mac, [Event(90), Event(91), Event(92)])).ToList();
        AuditVerifier.Verify(Stream, continued, HeadOf(continued), Keys).IsIntact.ShouldBeTrue();
        Only(AuditVerifier.Verify(Stream, continued, HeadOf(continued), Keys, checkpoints: [checkpoint])).ShouldBe((AuditFault.CheckpointContradicted, 5, 5));
    }

    [Fact]
    public void A_checkpoint_that_was_altered_is_no_witness()
    {
        var rows = Chain(5);
        var forged = Checkpoint(rows, 5) with { Sequence = 4 };
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), Keys, checkpoints: [forged])).ShouldBe((AuditFault.CheckpointForged, 4, 4));
        AuditCheckpoint.Read(forged.ToJson())!.ToJson().ShouldBe(forged.ToJson());
        AuditChain.IsGenuine(AuditCheckpoint.Read(Checkpoint(rows, 5).ToJson())!, Keys).ShouldBeTrue();
    }

    [Theory, InlineData("{}"), InlineData("[]"), InlineData("no"), InlineData("""{"stream":1}"""), InlineData("")]
    public void What_is_no_checkpoint_is_not_read(string text) => AuditCheckpoint.Read(text).ShouldBeNull();

    [Fact]
    public void Rows_made_before_a_rotation_verify_as_long_as_their_key_is_kept()
    {
        var rows = Chain(3);
        rows.AddRange(AuditChain.Link(Other, 3, rows[^1].Mac, [Event(3), Event(4)]));
        AuditVerifier.Verify(Stream, rows, HeadOf(rows), id => id == "k1" ? Key : Other).IsIntact.ShouldBeTrue();
        Only(AuditVerifier.Verify(Stream, rows, HeadOf(rows), id => id == "k2" ? Other : null)).ShouldBe((AuditFault.KeyUnknown, 1, 3));
    }

    [Fact]
    public void Old_rows_may_go_only_up_to_a_checkpoint_and_with_a_record_of_it()
    {
        var rows = Chain(5);
        var checkpoint = Checkpoint(rows, 3);
        var kept = rows.Skip(3).ToList();
        Only(AuditVerifier.Verify(Stream, kept, HeadOf(kept), Keys, checkpoint)).ShouldBe((AuditFault.PrunedUnrecorded, 1, 3));
        kept.AddRange(AuditChain.Link(Key, 5, kept[^1].Mac, [Event(5) with { Action = AuditAction.Pruned, Details = AuditDetails.Of(("through", 3)) }]));
        AuditVerifier.Verify(Stream, kept, HeadOf(kept), Keys, checkpoint).IsIntact.ShouldBeTrue();
        AuditVerifier.Verify(Stream, kept, HeadOf(kept), Keys, checkpoint with { Sequence = 2 }).IsIntact.ShouldBeFalse();
        AuditVerifier.Verify(Stream, kept, HeadOf(kept), Keys).Findings[0].Fault.ShouldBe(AuditFault.RowsMissing);
    }

    [Fact]
    public void Whatever_one_does_to_the_rows_without_the_key_is_found_with_the_last_checkpoint() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[0, 4], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((count, way, a, b) =>
        {
            var rows = Chain(count);
            var checkpoint = Checkpoint(rows, count);
            var (at, to) = (a % count, b % count);
            switch (way)
            {
                case 0: rows.RemoveAt(at); break;
                case 1: rows[at] = rows[at] with { Event = rows[at].Event with { Details = """{"n":-1}""" } }; break;
                case 2: rows.Insert(at, rows[to] with { Event = rows[to].Event with { Sequence = at + 1 } }); break;
                case 3: rows.RemoveRange(at, count - at); break;
                default:
                    if (at == to) to = (to + 1) % count;
                    (rows[at], rows[to]) = (rows[at] with { Event = rows[to].Event with { Sequence = at + 1 } }, rows[to] with { Event = rows[at].Event with { Sequence = to + 1 } });
                    break;
            }

            AuditVerifier.Verify(Stream, rows, rows.Count == 0 ? null : HeadOf(rows), Keys, checkpoints: [checkpoint]).IsIntact.ShouldBeFalse();
        });

    [Fact]
    public void Details_are_in_one_order_and_leave_out_what_is_null()
    {
        AuditDetails.Of(("b", 1), ("a", new JsonObject { ["d"] = "ü", ["c"] = null }), ("n", null)).ShouldBe("""{"a":{"d":"ü"},"b":1}""");
        AuditDetails.Of().ShouldBe(AuditDetails.None);
    }

    private static AuditKey? Keys(string id) => id == "k1" ? Key : null;

    private static List<AuditRow> Chain(int count) => [.. AuditChain.Link(Key, 0, AuditChain.Start(), [.. Enumerable.Range(0, count).Select(Event)])];

    private static AuditEvent Event(int i) => new()
    {
        Stream = Stream, Time = At.AddSeconds(i), ActorId = "u-1", ActorName = "Ada", Action = AuditAction.PolicyPut, Object = i % 2 == 0 ? new ObjectPath("lake") : null,
        Person = i % 3 == 0 ? "bob" : null, Details = AuditDetails.Of(("n", i)), BulkId = new Guid(i + 1, 0, 0, new byte[8]),
    };

    private static AuditHead HeadOf(IReadOnlyList<AuditRow> rows) => new(Stream, rows[^1].Event.Sequence, rows[^1].Mac, 0);

    private static AuditCheckpoint Checkpoint(List<AuditRow> rows, int sequence) => AuditChain.Sign(Key, new AuditHead(Stream, sequence, rows[sequence - 1].Mac, 0), At);

    private static (AuditFault Fault, long From, long To) Only(AuditReport report)
    {
        var finding = report.Findings.ShouldHaveSingleItem();
        finding.Message.ShouldNotBeEmpty();
        return (finding.Fault, finding.From, finding.To);
    }
}
