using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Glue;

/// <summary>
/// GetTables pages rendered ahead into a temporary file: what a benchmark measures is then the client. Only offsets stay in memory.
/// </summary>
internal sealed class RenderedPages : IDisposable
{
    private readonly FileStream file;
    private readonly Dictionary<string, (long Offset, int Length)[]> pages = [];

    private RenderedPages(FileStream file) => this.file = file;

    public static RenderedPages Render(CatalogState catalog, string accountId, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"sluice-sandbox-{Path.GetRandomFileName()}");
        var written = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 20, FileOptions.DeleteOnClose);
        var rendered = new RenderedPages(written);
        foreach (var database in catalog.All) rendered.Add(database, accountId, cancellationToken);
        written.Flush();
        return rendered;
    }

    public bool TryWrite(ResponseBuffer answer, string database, int page)
    {
        if (!pages.TryGetValue(database, out var of) || page >= of.Length) return false;
        var room = answer.Reserve(of[page].Length);
        var read = 0;
        while (read < room.Length)
        {
            var got = RandomAccess.Read(file.SafeFileHandle, room.Span[read..], of[page].Offset + read);
            if (got == 0) throw new EndOfStreamException("The rendered pages were cut short.");
            read += got;
        }

        answer.Advance(room.Length);
        return true;
    }

    public void Dispose() => file.Dispose();

    private void Add(DatabaseState database, string accountId, CancellationToken cancellationToken)
    {
        var count = (database.Source.Count + TableOperations.LargestPage - 1) / TableOperations.LargestPage;
        var of = new (long Offset, int Length)[count];
        using var buffer = ResponseBuffer.Rent();
        for (var page = 0; page < count; page++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = page * TableOperations.LargestPage;
            var last = Math.Min(first + TableOperations.LargestPage, database.Source.Count);
            buffer.Json.WriteStartArray();
            for (var index = first; index < last; index++) GlueWriting.Write(buffer.Json, database.Source.At(index), database.Name, accountId, columns: null);
            buffer.Json.WriteEndArray();
            // Without the brackets: they belong to the answer the page is put in.
            var bytes = buffer.Written[1..^1];
            of[page] = (file.Position, bytes.Length);
            file.Write(bytes.Span);
            buffer.Clear();
        }

        pages[database.Name] = of;
    }
}
