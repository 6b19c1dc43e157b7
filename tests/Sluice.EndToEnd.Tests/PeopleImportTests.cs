using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sluice.EndToEnd.Tests;

/// <summary><c>sluice people import</c>, as a process against a server of its own.</summary>
public sealed class PeopleImportTests : IDisposable
{
    private string _directory = "";

    [Fact]
    public async Task A_file_is_imported_whole_or_not_at_all_with_every_fault_at_its_line()
    {
        await using var server = await HostedServer.StartAsync();
        _directory = server.Directory;
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", (await File.ReadAllTextAsync(KeyFile, Ending)).Trim());
        using var made = await http.PostAsync("/api/v1/groups", new StringContent("""{"name":"Analysts"}""", System.Text.Encoding.UTF8, "application/json"), Ending);
        made.EnsureSuccessStatusCode();

        var bad = await FileAsync("bad.csv", "username,email,groups\r\nada,ada@example.com,Analysts\r\n\"two\r\nlines\",x,\r\nbob,nobody,\r\n");
        var (code, output, error) = await ImportAsync(server, bad);
        code.ShouldBe(1, output);
        error.ShouldContain("line 3, username");
        error.ShouldContain("line 5, email");
        (await CountAsync("")).ShouldBe(0);

        var good = await FileAsync("good.csv", "username,displayName,enabled,groups,attribute:Region\nada,\"Lovelace, \"\"Ada\"\"\",true,Analysts,EU;US\nbob,,false,,\n");
        (code, output, error) = await ImportAsync(server, good, "--dry-run");
        (code, output.Trim()).ShouldBe((0, "Would be added: 2, changed: 0, unchanged: 0."), error);
        (await CountAsync("")).ShouldBe(0);
        (code, output, error) = await ImportAsync(server, good);
        (code, output.Trim()).ShouldBe((0, "Added: 2, changed: 0, unchanged: 0."), error);
        (await CountAsync("?group=Analysts&attribute=Region%3DUS")).ShouldBe(1);
        (await http.GetStringAsync("/api/v1/users/ada", Ending)).ShouldContain("Lovelace, \\\"Ada\\\"");

        var json = await FileAsync("users.json", """[{"username":"ada","displayName":"Ada"},{"username":"eve"}]""");
        (code, output, error) = await ImportAsync(server, json);
        (code, output.Trim()).ShouldBe((0, "Added: 1, changed: 1, unchanged: 0."), error);

        foreach (var (text, told) in ((string, string)[])[("name\nada\n", "unknown columns name"), ("username\na,b\n", "line 2"), ("username\n\"a\n", "line 2"), ("{", "not valid JSON"), ("", "empty")])
        {
            (code, _, error) = await ImportAsync(server, await FileAsync("odd", text));
            code.ShouldBe(1);
            error.ShouldContain(told);
        }

        async Task<int> CountAsync(string query) =>
            JsonNode.Parse(await http.GetStringAsync("/api/v1/users" + query, Ending))!["count"]!.GetValue<int>();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private string KeyFile => Path.Combine(_directory, "admin.key");

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, text, Ending);
        return path;
    }

    private async Task<(int Code, string Output, string Error)> ImportAsync(HostedServer server, string file, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[ServerProcess.Program, "people", "import", file, "--server", server.Url, "--key-file", KeyFile, .. more]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ending);
        var error = process.StandardError.ReadToEndAsync(Ending);
        await process.WaitForExitAsync(Ending);
        return (process.ExitCode, await output, await error);
    }
}
