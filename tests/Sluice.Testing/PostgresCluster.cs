using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Sluice.Testing;

/// <summary>
/// A private PostgreSQL server on a free loopback port, in a temporary folder, with TLS offered and a random superuser password. All of a
/// process are copies of what initdb made once, the password and the system identifier too. It ends and its folder goes with
/// <see cref="DisposeAsync"/>, or when this process ends in whatever way: the server's guardian holds the other end of a pipe and cleans up
/// when the pipe closes.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<(string Folder, string Password, Process Guardian)>> Template = new(MakeTemplateAsync);
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(() => StartAsync(CancellationToken.None));

    // $1 postgres, $2 the folder. Ctrl-C reaches the whole process group: the guardian must outlive it to clean up.
    private const string Guardian = """
        trap '' INT HUP TERM
        "$1" -D "$2/data" >"$2/log" 2>&1 &
        server=$!
        cat >/dev/null
        kill -QUIT $server 2>/dev/null
        wait $server
        rm -rf "$2"
        """;

    private readonly Process _guardian;

    private PostgresCluster(Process guardian, string directory, int port, string password)
    {
        _guardian = guardian;
        Folder = directory;
        Port = port;
        SuperuserPassword = password;
    }

    /// <summary>Why no server can be started here, or null.</summary>
    public static string? Unavailable => PostgresBinaries.Unavailable;

    /// <summary>Always 127.0.0.1.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>The loopback port.</summary>
    public int Port { get; }

    /// <summary>The password of the superuser <c>postgres</c>.</summary>
    public string SuperuserPassword { get; }

    /// <summary>The PEM file of the authority that signed the server's certificate (for localhost, postgres.test and 127.0.0.1).</summary>
    public string CaCertificatePath => Path.Combine(Folder, "ca.crt");

    /// <summary>The server's data directory: its pages may be searched for planted secrets.</summary>
    public string DataDirectory => Path.Combine(Folder, "data");

    /// <summary>The server's log.</summary>
    public string LogPath => Path.Combine(Folder, "log");

    private string Folder { get; }

    /// <summary>The server the tests of this process share, started by the first who asks.</summary>
    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    /// <summary>Starts a server.</summary>
    /// <exception cref="InvalidOperationException">No PostgreSQL here (ask <see cref="Unavailable"/> first), or it did not start.</exception>
    public static async Task<PostgresCluster> StartAsync(CancellationToken ct)
    {
        var binaries = PostgresBinaries.Found ?? throw new InvalidOperationException(Unavailable);
        for (var attempt = 1; ; attempt++)
        {
            var directory = Directory.CreateTempSubdirectory("sluice-pg-").FullName;
            var port = FreePort();
            string password;
            try
            {
                password = await InitializeAsync(binaries, directory, port, ct);
            }
            catch
            {
                Directory.Delete(directory, recursive: true);
                throw;
            }

            var cluster = new PostgresCluster(StartGuardian(binaries, Guardian, directory), directory, port, password);
            if (await cluster.IsReadyAsync(ct)) return cluster;
            var log = await cluster.ReadLogAsync(ct);
            await cluster.DisposeAsync();

            // Between choosing the port and listening on it somebody else can take it.
            if (attempt == StartAttempts || !log.Contains("Address already in use", StringComparison.Ordinal))
                throw new InvalidOperationException($"PostgreSQL did not start:\n{log}");
        }
    }

    /// <summary>A connection string; the superuser's unless another user is named. TLS is off in it, as the server is on loopback.</summary>
    public string ConnectionString(string database = "postgres", string? user = null, string? password = null) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = database,
            Username = user ?? "postgres",
            Password = password ?? SuperuserPassword,
            SslMode = SslMode.Disable,
        }.ConnectionString;

    /// <summary>Makes a fresh database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken ct)
    {
        var name = $"test_{Unique()}";
        await ExecuteAsync($"CREATE DATABASE {name}", ct: ct);
        return ConnectionString(name);
    }

    /// <summary>Runs SQL as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres", CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Runs psql as the reader of a script would: the script in a file, the answers to its prompts typed.</summary>
    /// <param name="script">The script.</param>
    /// <param name="user">Who runs it.</param>
    /// <param name="password">Their password; the superuser's when null.</param>
    /// <param name="answers">What is typed, one answer a line.</param>
    /// <param name="options">Further options, such as <c>-v name=value</c>.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The exit code, and everything it printed.</returns>
    public async Task<(int ExitCode, string Output)> PsqlAsync(
        string script, string user = "postgres", string? password = null, string answers = "", string[]? options = null, CancellationToken ct = default)
    {
        var file = Path.Combine(Folder, $"{Unique()}.sql");
        await File.WriteAllTextAsync(file, script, ct);
        try
        {
            // Without a terminal of its own psql reads the answers from its input; with one it would ask whoever runs the tests.
            var start = new ProcessStartInfo("setsid")
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["PGPASSWORD"] = password ?? SuperuserPassword },
            };
            string[] arguments =
                ["-w", PostgresBinaries.Found!["psql"], "-X", "-w", "-h", Host, "-p", $"{Port}", "-U", user, "-d", "postgres", .. options ?? [], "-f", file];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            return await RunAsync(start, answers, ct);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Stops the server at once and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_guardian.HasExited)
        {
            _guardian.StandardInput.Close();
            await _guardian.WaitForExitAsync(CancellationToken.None);
        }

        _guardian.Dispose();
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    // initdb takes a second of processor time, a copy of what it made a twentieth.
    private static async Task<(string Folder, string Password, Process Guardian)> MakeTemplateAsync()
    {
        var binaries = PostgresBinaries.Found!;
        var directory = Directory.CreateTempSubdirectory("sluice-pg-").FullName;
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var passwordFile = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwordFile, password);
        if (binaries.AsServer.Count > 0) await RunOrThrowAsync(["chown", "-R", "postgres:", directory], CancellationToken.None);
        var guardian = StartGuardian(binaries, "trap '' INT HUP TERM; cat >/dev/null; rm -rf \"$2\"", directory);
        await RunOrThrowAsync(
            [.. binaries.AsServer, binaries["initdb"], "-D", Path.Combine(directory, "data"), "-U", "postgres", $"--pwfile={passwordFile}",
             "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"], CancellationToken.None);
        return (directory, password, guardian);
    }

    private static async Task<string> InitializeAsync(PostgresBinaries binaries, string directory, int port, CancellationToken ct)
    {
        var (template, password, _) = await Template.Value;
        using (var authority = new TestAuthority())
        {
            var (certificate, key) = authority.Issue(["localhost", "postgres.test"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);
            await File.WriteAllTextAsync(Path.Combine(directory, "ca.crt"), authority.CertificatePem, ct);
            await File.WriteAllTextAsync(Path.Combine(directory, "server.crt"), certificate, ct);
            var keyFile = Path.Combine(directory, "server.key");
            await File.WriteAllTextAsync(keyFile, key, ct);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        if (binaries.AsServer.Count > 0) await RunOrThrowAsync(["chown", "-R", "postgres:", directory], ct);
        await RunOrThrowAsync([.. binaries.AsServer, "cp", "-R", Path.Combine(template, "data"), Path.Combine(directory, "data")], ct);
        await File.AppendAllTextAsync(
            Path.Combine(directory, "data", "postgresql.conf"),
            $"""

            listen_addresses = '127.0.0.1'
            port = {port}
            unix_socket_directories = ''
            max_connections = 300
            shared_buffers = 64MB
            fsync = off
            synchronous_commit = off
            full_page_writes = off
            log_line_prefix = '%u@%d '
            ssl = on
            ssl_cert_file = '{directory}/server.crt'
            ssl_key_file = '{directory}/server.key'

            """, ct);
        return password;
    }

    private static Process StartGuardian(PostgresBinaries binaries, string task, string directory)
    {
        string[] command = [.. binaries.AsServer, "/bin/sh", "-c", task, "sh", binaries["postgres"], directory];
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        var connectionString = $"{ConnectionString()};Pooling=false;Timeout=5";
        while (waited.Elapsed < StartTimeout)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(ct);
                return true;
            }
            catch (NpgsqlException)
            {
                if ((await ReadLogAsync(ct)).Contains("FATAL:  could not", StringComparison.Ordinal)) return false;
                await Task.Delay(50, ct);
            }
        }

        return false;
    }

    private async Task<string> ReadLogAsync(CancellationToken ct)
    {
        return File.Exists(LogPath) ? await File.ReadAllTextAsync(LogPath, ct) : "";
    }

    private static async Task RunOrThrowAsync(string[] command, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        var (exitCode, output) = await RunAsync(start, "", ct);
        if (exitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)}\n{output}");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, string input, CancellationToken ct)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading what was typed; its exit code tells why.
        }

        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output + await errors);
    }

    private static string Unique() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
