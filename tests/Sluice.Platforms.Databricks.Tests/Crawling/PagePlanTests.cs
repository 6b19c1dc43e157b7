using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Crawling;

public sealed class PagePlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_table_stands_in_one_page_in_order_and_every_schema_ends_once_behind_its_last(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var (schemas, keys) = Listing(random);

            var plans = PagePlan.Cut(schemas, keys);

            var told = schemas.Where(s => !s.IsRefused).ToList();
            plans.SelectMany(p => p.Read).ShouldBe(told.SelectMany(s => s.Read));
            plans.SelectMany(p => p.Unchanged).ShouldBe(told.Where(s => !s.IsUnchanged).SelectMany(s => Enumerable.Range(s.First, s.Count).Except(s.Read)));
            plans.SelectMany(p => p.Completed).ShouldBe(schemas.Where(s => s.IsEnd));
            plans.ShouldAllBe(p => p.Read.Count <= 1000 && p.Unchanged.Count <= 5000);
            foreach (var schema in told.Where(s => s is { IsUnchanged: true, Read.Count: > 0 }))
                plans.Single(p => p.Read.Contains(schema.Read[0])).ShouldSatisfyAllConditions(
                    p => p.Completed.ShouldContain(schema), p => schema.Read.ShouldBeSubsetOf(p.Read));
            foreach (var (plan, next) in plans.Zip(plans.Skip(1)))
                plan.At.ShouldBe(plan.Completed is [.., var last] && last.First + last.Count > plan.Read.Concat(plan.Unchanged).DefaultIfEmpty(-1).Max()
                    ? new CrawlCursor(Schema: last.Name, IsEnd: true)
                    : new CrawlCursor(Schema: keys[plan.Read.Concat(plan.Unchanged).Max()].Schema, Table: keys[plan.Read.Concat(plan.Unchanged).Max()].Table));
        }
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 1, false)]
    [InlineData(10, 40, false)]
    [InlineData(10, 44, true)]
    public void Few_among_many_are_asked_for_by_their_names(int read, int span, bool isSparse)
    {
        var indexes = Enumerable.Range(0, Math.Max(0, read - 1)).Append(span - 1).Take(read).ToList();
        new PagePlan(indexes, [], [], new CrawlCursor()).IsSparse.ShouldBe(isSparse);
    }

    private static (List<ListedSchema> Schemas, List<TableKey> Keys) Listing(Random random)
    {
        var schemas = new List<ListedSchema>();
        var keys = new List<TableKey>();
        var count = random.Next(1, 8);
        for (var s = 0; s < count; s++)
        {
            var (name, first, tables) = ($"s{s}", keys.Count, random.Next(4) switch { 0 => 0, 1 => random.Next(1, 20), 2 => random.Next(900, 1100), _ => random.Next(1, 7000) });
            for (var t = 0; t < tables; t++) keys.Add(new TableKey(name, $"t{t:d5}"));
            var isUnchanged = random.Next(3) == 0;
            var isRefused = !isUnchanged && random.Next(8) == 0;
            var share = isUnchanged ? 0.1 : random.NextDouble();
            var read = isRefused ? [] : Enumerable.Range(first, tables).Where(_ => random.NextDouble() < share).Take(isUnchanged ? 1000 : int.MaxValue).ToList();
            schemas.Add(new ListedSchema(name, first, tables, IsEnd: s < count - 1 || tables == 0 || random.Next(2) == 0) { IsUnchanged = isUnchanged, IsRefused = isRefused, Read = read });
        }

        // What is not whole is never known.
        if (schemas[^1] is { IsEnd: false, IsUnchanged: true } last) schemas[^1] = last with { IsUnchanged = false };
        return (schemas, keys);
    }
}
