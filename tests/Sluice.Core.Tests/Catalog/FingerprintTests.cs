using CsCheck;
using Sluice.Core.Catalog;

namespace Sluice.Core.Tests.Catalog;

public sealed class FingerprintTests
{
    // Few and short texts, so that two objects differ in as little as possible, and nearly alike in how their members join.
    private static readonly Gen<string> Text = Gen.OneOf("", "a", "b", "ab", "ba", "\0", "a\0", "-1", "é", "🦫");

    private static readonly Gen<string?> MaybeText = Gen.Frequency((1, Gen.Const((string?)null)), (3, Text.Select(t => (string?)t)));

    private static readonly Gen<DiscoveredColumn> Column = Gen.Select(
        Text, Text, MaybeText, MaybeText, Gen.Bool, (name, type, id, comment, key) => new DiscoveredColumn(name, type, id, comment, key));

    private static readonly Gen<ObjectTag> Tag = Gen.Select(
        MaybeText, Text, Text, Gen.Bool, (column, key, value, inherited) => new ObjectTag(column, key, value, inherited));

    private static readonly Gen<DiscoveredObject> Any = Gen.Select(
        Gen.Select(Gen.OneOf(ObjectKind.Table, ObjectKind.View), MaybeText, MaybeText),
        Gen.Select(Gen.OneOf(Governance.Governed, Governance.Unknown), MaybeText, MaybeText),
        Column.Array[0, 3],
        Tag.Array[0, 4],
        (what, governance, columns, tags) => new DiscoveredObject
        {
            Path = new ObjectPath("key", "db", "t"),
            Kind = what.Item1,
            NativeId = what.Item2,
            Comment = what.Item3,
            Governance = governance.Item1,
            GovernanceReason = governance.Item2,
            GrantMethod = governance.Item3,
            Columns = columns,
            Tags = tags,
        });

    [Fact]
    public void Equal_digests_mean_equal_objects() => Gen.Select(Any, Any, Gen.Int[0, 9]).Sample(
        (one, other, share) =>
        {
            // Most pairs share all but one or two members: that is where an ambiguity would show.
            var near = share == 9 ? other : Mixed(one, other, share);
            (one.Fingerprint == near.Fingerprint).ShouldBe(Described(one) == Described(near), $"{Described(one)}\n{Described(near)}");
        },
        iter: 20_000);

    [Fact]
    public void The_order_of_tags_is_no_change() => Gen.Select(Any, Gen.Int[0, 100].Array[4]).Sample(
        (one, order) =>
        {
            var shuffled = one.Tags.Select((tag, i) => (tag, order[i])).OrderBy(t => t.Item2).Select(t => t.tag).ToList();
            Mixed(one, With(one, tags: shuffled), 7).Fingerprint.ShouldBe(one.Fingerprint);
        },
        iter: 5_000);

    [Fact]
    public void The_order_of_columns_is_a_change()
    {
        DiscoveredColumn[] columns = [new("a", "int"), new("b", "int")];
        var one = With(Sample, columns: columns);
        With(Sample, columns: [.. columns.Reverse()]).Fingerprint.ShouldNotBe(one.Fingerprint);
    }

    [Fact]
    public void The_path_is_no_part_of_it() =>
        Fingerprint.Of(With(Sample, path: new ObjectPath("other", "db", "renamed"))).ShouldBe(Sample.Fingerprint);

    [Fact]
    public void Null_and_empty_differ() =>
        With(Sample, comment: "").Fingerprint.ShouldNotBe(With(Sample, comment: null).Fingerprint);

    [Fact]
    public void Every_member_counts()
    {
        DiscoveredColumn column = new("c", "int", "1", "x", false);
        ObjectTag tag = new("c", "k", "v", false);
        DiscoveredObject[] all =
        [
            Sample,
            With(Sample, kind: ObjectKind.View),
            With(Sample, nativeId: "2"),
            With(Sample, comment: "other"),
            With(Sample, governance: Governance.Ungoverned),
            With(Sample, reason: "because"),
            With(Sample, method: "tags"),
            With(Sample, columns: [column]),
            With(Sample, columns: [column with { Name = "d" }]),
            With(Sample, columns: [column with { Type = "text" }]),
            With(Sample, columns: [column with { NativeId = "2" }]),
            With(Sample, columns: [column with { Comment = "y" }]),
            With(Sample, columns: [column with { IsPartitionKey = true }]),
            With(Sample, columns: [column, column]),
            With(Sample, tags: [tag]),
            With(Sample, tags: [tag with { Column = null }]),
            With(Sample, tags: [tag with { Key = "l" }]),
            With(Sample, tags: [tag with { Value = "w" }]),
            With(Sample, tags: [tag with { Inherited = true }]),
            With(Sample, tags: [tag, tag]),
        ];
        all.Select(o => o.Fingerprint).ShouldBeUnique();
    }

    [Fact]
    public void It_never_changes_between_versions()
    {
        // Stored: another value here makes every object of every installation look changed once.
        var found = With(
            Sample,
            comment: "Umsätze 🦫",
            columns: [new("id", "bigint", "1"), new("day", "date", null, "partition", true)],
            tags: [new(null, "domain", "sales", true), new("id", "pii", "no")]);
        found.Fingerprint.ToString("x32").ShouldBe("2f5ef89e573840d60315d6f1463b543a");
    }

    private static DiscoveredObject Sample { get; } = new() { Path = new ObjectPath("key", "db", "t"), Kind = ObjectKind.Table, NativeId = "1", Comment = "c" };

    private static DiscoveredObject Mixed(DiscoveredObject one, DiscoveredObject other, int member) => With(
        one,
        kind: member == 0 ? other.Kind : one.Kind,
        nativeId: member == 1 ? other.NativeId : one.NativeId,
        comment: member is 1 or 2 ? other.Comment : one.Comment,
        governance: member == 3 ? other.Governance : one.Governance,
        reason: member == 4 ? other.GovernanceReason : one.GovernanceReason,
        method: member is 4 or 5 ? other.GrantMethod : one.GrantMethod,
        columns: member == 6 ? other.Columns : one.Columns,
        tags: member is 6 or 7 ? other.Tags : one.Tags);

    private static DiscoveredObject With(
        DiscoveredObject from, ObjectPath? path = null, ObjectKind? kind = null, string? nativeId = "1", string? comment = "c",
        Governance? governance = null, string? reason = null, string? method = null, IReadOnlyList<DiscoveredColumn>? columns = null,
        IReadOnlyList<ObjectTag>? tags = null) => new()
        {
            Path = path ?? from.Path,
            Kind = kind ?? from.Kind,
            NativeId = nativeId,
            Comment = comment,
            Governance = governance ?? from.Governance,
            GovernanceReason = reason,
            GrantMethod = method,
            Columns = columns ?? from.Columns,
            Tags = tags ?? from.Tags,
        };

    // A form that can't be ambiguous, for it is quoted; tags sorted by it.
    private static string Described(DiscoveredObject o) => string.Join('\n',
    [
        $"{o.Kind} {Quoted(o.NativeId)} {Quoted(o.Comment)} {o.Governance} {Quoted(o.GovernanceReason)} {Quoted(o.GrantMethod)}",
        .. o.Columns.Select(c => $"column {Quoted(c.Name)} {Quoted(c.Type)} {Quoted(c.NativeId)} {Quoted(c.Comment)} {c.IsPartitionKey}"),
        .. o.Tags.Select(t => $"tag {Quoted(t.Column)} {Quoted(t.Key)} {Quoted(t.Value)} {t.Inherited}").Order(StringComparer.Ordinal),
    ]);

    private static string Quoted(string? text) => System.Text.Json.JsonSerializer.Serialize(text);
}
