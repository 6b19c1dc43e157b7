using Sluice.Core.Connections;

namespace Sluice.Core.Tests.Connections;

public sealed class TechnologyTests
{
    [Fact]
    public void Technologies_have_their_documented_names_compared_exactly()
    {
        Technology.All.Select(t => t.ToString()).ShouldBe(["Glue", "Databricks", "Snowflake", "PostgreSQL"]);
        new Technology("Glue").ShouldBe(Technology.Glue);
        new Technology("glue").ShouldNotBe(Technology.Glue);
    }
}
