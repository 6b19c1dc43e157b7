using System.Collections.Concurrent;

namespace Sluice.EndToEnd.Tests;

/// <summary>A server that a test talks to.</summary>
internal abstract class TestServer(string directory) : IAsyncDisposable
{
    private static readonly ConcurrentBag<string> Made = [];

    static TestServer() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Clear();

    /// <summary>The flags of every server of a test.</summary>
    protected static IReadOnlyList<string> Flags(string directory, IReadOnlyList<string>? more) =>
        ["--data", directory, "--urls", "http://127.0.0.1:0", "--allow-loopback", "--vault-key-in-data", .. more ?? []];

    public abstract string Url { get; }

    public string Directory => directory;

    /// <summary>The lines of its log until now.</summary>
    public abstract IReadOnlyList<string> Output { get; }

    /// <summary>Starts one.</summary>
    /// <param name="asProcess">Whether it will be ended or killed, or is to be the program itself.</param>
    /// <param name="flags">Its flags beside those of all.</param>
    public static async Task<TestServer> StartAsync(bool asProcess, IReadOnlyList<string>? flags = null) =>
        asProcess ? await ServerProcess.StartAsync(NewDirectory(), flags) : await HostedServer.StartAsync(flags);

    /// <summary>A directory for a server's data, which is gone when the tests have ended.</summary>
    public static string NewDirectory()
    {
        var made = System.IO.Directory.CreateTempSubdirectory("sluice-e2e-").FullName;
        Made.Add(made);
        return made;
    }

    public Api Api() => new(Url, File.ReadAllText(Path.Combine(Directory, "admin.key")).Trim());

    public abstract ValueTask DisposeAsync();

    private static void Clear()
    {
        foreach (var made in Made)
        {
            try
            {
                System.IO.Directory.Delete(made, recursive: true);
            }
            catch (IOException)
            {
                // A test has removed it, or what it left open is being written still.
            }
        }
    }
}
