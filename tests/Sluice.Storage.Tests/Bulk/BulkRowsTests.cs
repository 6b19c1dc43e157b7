using System.Text;
using CsCheck;
using Sluice.Storage.Bulk;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tests.Bulk;

public sealed class BulkRowsTests
{
    private static readonly BulkTable<Row> Table = new(
        "bulk_rows", ["id", "number", "flag", "text", "bytes", "connection_id"],
        static (writer, row) =>
        {
            writer.Write((long?)row.Id);
            writer.Write(row.Number);
            writer.Write(row.Flag);
            writer.Write(row.Text);
            writer.Write(row.Bytes);
            writer.Write(row.ConnectionId);
        });

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Every_type_and_null_is_read_back_after_an_insert_and_an_update(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await CreateAsync(database);
        Row[] rows =
        [
            new(1, 7, true, "text 😀", [1, 2], Guid.NewGuid()), new(2, -7, false, "", [], Guid.NewGuid()), new(3, int.MaxValue, null, null, [0], Guid.Empty),
            new(long.MaxValue, int.MinValue, null, new string('漢', 100_000), new byte[10_000], Guid.NewGuid()),
        ];
        await database.Database.WriteAsync((context, token) => context.Dialect.Rows.InsertAsync(context, Table, rows, token), TestDatabase.Ending);
        (await ReadAsync(database)).ShouldBe(rows.Select(Told));

        var changed = rows.Select(r => r with { Number = 1, Flag = r.Flag is null, Text = r.Text is null ? "now" : null, Bytes = [9] }).Append(new Row(99, 0, null, null, [], Guid.Empty)).ToList();
        await database.Database.WriteAsync(
            async (context, token) =>
            {
                await context.Dialect.Rows.UpdateAsync(context, Table, changed[..2], token);
                await context.Dialect.Rows.UpdateAsync(context, Table, changed[2..], token);
                await context.Dialect.Rows.UpdateAsync(context, Table, [], token);
                await context.Dialect.Rows.InsertAsync(context, Table, [], token);
            },
            TestDatabase.Ending);
        (await ReadAsync(database)).ShouldBe(changed[..4].Select(Told), "and the row that was not there is not made");
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Rows_that_repeat_each_others_values_in_part_are_read_back_as_they_were(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await CreateAsync(database);
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];
        var row = Gen.Select(
            Gen.Int[0, 1], OneOf<bool?>(null, true, false), OneOf<string?>(null, "", "a", "b", "ä"),
            OneOf<byte[]>([], [1], [2]), OneOf<Guid>(ids),
            (number, flag, text, bytes, id) => new Row(0, number, flag, text, bytes, id));
        await row.Array[0, 40].SampleAsync(
            async generated =>
            {
                var rows = generated.Select((r, i) => r with { Id = i }).ToList();
                await database.ExecuteAsync("DELETE FROM bulk_rows");
                await database.Database.WriteAsync((context, token) => context.Dialect.Rows.InsertAsync(context, Table, rows, token), TestDatabase.Ending);
                (await ReadAsync(database)).ShouldBe(rows.Select(Told));
            },
            iter: 50, threads: 1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Far_more_rows_than_a_statement_has_parameters_go_in_at_once_or_not_at_all(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await CreateAsync(database);
        var rows = Enumerable.Range(0, 50_000).Select(i => new Row(i, i, null, $"row {i}", [], Guid.Empty)).ToList();
        await Should.ThrowAsync<System.Data.Common.DbException>(() => database.Database.WriteAsync(
            (context, token) => context.Dialect.Rows.InsertAsync(context, Table, [.. rows, rows[0]], token), TestDatabase.Ending));
        (await database.NumberAsync("SELECT count(*) FROM bulk_rows")).ShouldBe(0);
        await database.Database.WriteAsync((context, token) => context.Dialect.Rows.InsertAsync(context, Table, rows, token), TestDatabase.Ending);
        (await database.NumberAsync("SELECT count(*) FROM bulk_rows")).ShouldBe(50_000);
    }

    [Fact]
    public async Task A_text_that_is_no_Unicode_leaves_nothing_behind()
    {
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        await CreateAsync(database);
        Row[] rows = [new(1, 1, null, "whole", [], Guid.Empty), new(2, 2, null, "half \uD83D", [], Guid.Empty)];
        await Should.ThrowAsync<EncoderFallbackException>(() => database.Database.WriteAsync(
            (context, token) => context.Dialect.Rows.InsertAsync(context, Table, rows, token), TestDatabase.Ending));
        (await database.NumberAsync("SELECT count(*) FROM bulk_rows")).ShouldBe(0);
        await database.Database.WriteAsync((context, token) => context.Dialect.Rows.InsertAsync(context, Table, rows[..1], token), TestDatabase.Ending);
        (await database.NumberAsync("SELECT count(*) FROM bulk_rows")).ShouldBe(1);
    }

    private static Task CreateAsync(TestDatabase database) => database.ExecuteAsync(
        database.IsSqlite
            ? "CREATE TABLE bulk_rows (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, flag INTEGER, text TEXT, bytes BLOB NOT NULL, connection_id TEXT NOT NULL)"
            : "CREATE TABLE bulk_rows (id bigint PRIMARY KEY, number integer NOT NULL, flag boolean, text text, bytes bytea NOT NULL, connection_id uuid NOT NULL)");

    private static Task<List<string>> ReadAsync(TestDatabase database) => database.Database.ReadAsync(
        (context, token) => context.QueryAsync(
            "SELECT id, number, flag, text, bytes, connection_id FROM bulk_rows ORDER BY id",
            row => Told(new Row(row.GetInt64(0), row.GetInt32(1), row.Flag(2), row.Text(3), row.GetFieldValue<byte[]>(4), row.GetGuid(5))), token),
        TestDatabase.Ending);

    private static string Told(Row row) => $"{row} {Convert.ToHexString(row.Bytes)} {row.Text is null}";

    private sealed record Row(long Id, int Number, bool? Flag, string? Text, byte[] Bytes, Guid ConnectionId);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
