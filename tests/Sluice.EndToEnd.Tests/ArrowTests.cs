using System.Reflection;
using System.Xml.Linq;

namespace Sluice.EndToEnd.Tests;

/// <summary>The arrows of docs/architecture.md, read from the project files and from what the compiler really used.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Sluice.Core"] = [],
        ["Sluice.Platforms"] = ["Sluice.Core"],
        ["Sluice.Platforms.LakeFormation"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Platforms.PostgreSql"] = ["Sluice.Platforms", "Sluice.Core"],
        ["Sluice.Storage"] = ["Sluice.Core"],
        ["Sluice.Engine"] = ["Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.LakeFormation", "Sluice.Platforms.PostgreSql", "Sluice.Core"],
        ["Sluice.Server"] = ["Sluice.Engine", "Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.LakeFormation", "Sluice.Core"],
        ["Sluice.Sandbox.Aws"] = [],
        ["Sluice.Cli"] = ["Sluice.Server", "Sluice.Sandbox.Aws", "Sluice.Engine", "Sluice.Storage", "Sluice.Platforms", "Sluice.Platforms.LakeFormation", "Sluice.Core"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_only_what_its_arrows_lead_to(string project)
    {
        Allowed.ShouldContainKey(project, "a new project needs a line in the table of arrows");
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var named = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        named.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_its_arrows_lead_to(string project)
    {
        var assembly = Assembly.Load(project == "Sluice.Cli" ? "sluice" : project);

        var used = assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("Sluice.", StringComparison.Ordinal));

        used.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Core_uses_nothing_but_the_base_class_library()
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", "Sluice.Core", "Sluice.Core.csproj"));
        file.Descendants("PackageReference").ShouldBeEmpty();

        Assembly.Load("Sluice.Core").GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldAllBe(n => n.StartsWith("System.", StringComparison.Ordinal) || n == "netstandard");
    }

    [Fact]
    public void Every_error_code_is_in_the_table_of_the_docs()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"));
        foreach (var code in Engine.Errors.ErrorCode.All)
            docs.ShouldContain($"| {code.Code} | {code.Status} | {code.Title} |");
    }
}
