using CsCheck;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;

namespace Sluice.Core.Tests.DataLineage;

public sealed class TagCarryingTests
{
    private static readonly Gen<LineagePoint> AnyPoint =
        from table in Gen.Int[0, 5]
        from column in Gen.Int[-1, 2]
        select Point(table, column);

    private static readonly Gen<LineageEdge[]> AnyEdges = Gen.Select(AnyPoint, AnyPoint, (from, to) => new LineageEdge(from, to)).Array[0, 14];

    private static readonly Gen<(LineagePoint, string)[]> AnyTags = Gen.Select(AnyPoint, Gen.Bool, (at, isPii) => (at, isPii ? "PII" : "Money")).Array[0, 5];

    [Fact]
    public void A_tag_is_wherever_its_data_can_have_gone_and_nowhere_else() =>
        Gen.Select(AnyEdges, AnyTags).Sample((edges, given) =>
        {
            var carried = TagCarrying.Carry(edges, given).Tags;
            carried.ShouldBeUnique();
            var expected = from g in given.Distinct() from at in Naive(edges, g.Item1) where at != g.Item1 select new CarriedTag(at, g.Item2, g.Item1);
            carried.ShouldBe(expected, ignoreOrder: true);
        }, iter: 3000);

    [Fact]
    public void The_order_of_edges_and_tags_means_nothing() =>
        Gen.Select(AnyEdges, AnyTags, Gen.Int).Sample((edges, given, seed) =>
        {
            var random = new Random(seed);
            var (turnedEdges, turnedTags) = (edges.Concat(edges).ToArray(), given.Concat(given).ToArray());
            random.Shuffle(turnedEdges);
            random.Shuffle(turnedTags);
            var (one, other) = (TagCarrying.Carry(edges, given), TagCarrying.Carry(turnedEdges, turnedTags));
            other.Tags.ShouldBe(one.Tags);
            other.Suspended.ShouldBe(one.Suspended);
        }, iter: 1000);

    [Fact]
    public void What_came_by_an_edge_alone_goes_with_it_and_nothing_comes() =>
        Gen.Select(AnyEdges, AnyTags, Gen.Int).Sample((edges, given, which) =>
        {
            if (edges.Length == 0) return;
            var gone = edges[Math.Abs(which % edges.Length)];
            // Where only the columns' edge goes, its objects may still be known to be linked by others: then what columns carry goes to the whole.
            var left = edges.Where(e => e != gone).ToList();
            var after = TagCarrying.Carry(left, given).Tags;
            foreach (var tag in after) Naive(left, tag.Origin).ShouldContain(tag.At);
            if (gone.From.Column is null || gone.To.Column is null) after.ShouldBeSubsetOf(TagCarrying.Carry(edges, given).Tags);
        }, iter: 2000);

    [Fact]
    public void Columns_carry_to_columns_and_objects_to_objects()
    {
        var edges = new[] { new LineageEdge(Point(0, 1), Point(1, 2)), new LineageEdge(Point(1, -1), Point(2, -1)) };
        var carried = TagCarrying.Carry(edges, [(Point(0, 1), "PII"), (Point(0, 0), "Other"), (Point(0, -1), "Team")]).Tags;
        Texts(carried).ShouldBe(
        [
            "snow/d/s/t1: Team from snow/d/s/t0",
            "snow/d/s/t1#c2: PII from snow/d/s/t0#c1",
            "snow/d/s/t2: PII from snow/d/s/t0#c1",
            "snow/d/s/t2: Team from snow/d/s/t0",
        ]);
    }

    [Fact]
    public void A_tag_that_comes_back_round_a_cycle_is_suspended_there_and_named()
    {
        var edges = new[] { new LineageEdge(Point(0, -1), Point(1, -1)), new LineageEdge(Point(1, -1), Point(2, -1)), new LineageEdge(Point(2, -1), Point(0, -1)) };
        var carried = TagCarrying.Carry(edges, [(Point(0, -1), "PII")]);
        Texts(carried.Tags).ShouldBe(["snow/d/s/t1: PII from snow/d/s/t0", "snow/d/s/t2: PII from snow/d/s/t0"]);
        carried.Suspended.ShouldBe([new SuspendedTag("PII", Point(0, -1), Point(2, -1))]);

        // Once nobody gives it any more, the cycle does not keep it.
        TagCarrying.Carry(edges, []).Tags.ShouldBeEmpty();
    }

    private static IEnumerable<string> Texts(IEnumerable<CarriedTag> tags) => tags.Select(t => $"{t.At}: {t.Tag} from {t.Origin}");

    private static LineagePoint Point(int table, int column) => new(new ObjectPath("snow", "d", "s", $"t{table}"), column < 0 ? null : $"c{column}");

    // By rounds until nothing is added, looking at every edge each time.
    private static HashSet<LineagePoint> Naive(IReadOnlyList<LineageEdge> edges, LineagePoint origin)
    {
        var reached = new HashSet<LineagePoint>();
        for (var grows = true; grows;)
        {
            grows = false;
            foreach (var at in reached.Append(origin).ToList())
            {
                foreach (var edge in edges.Where(e => e.From.Object.Equals(at.Object)))
                {
                    var isByColumns = edges.Any(e => e.From.Object.Equals(edge.From.Object) && e.To.Object.Equals(edge.To.Object) && e.From.Column is not null && e.To.Column is not null);
                    if (at.Column is null || !isByColumns) grows |= reached.Add(new LineagePoint(edge.To.Object));
                    if (at.Column is not null && edge.From == at && edge.To.Column is not null) grows |= reached.Add(edge.To);
                }
            }
        }

        return reached;
    }
}
