using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>The engine's tables and the catalog's agree, whatever fails.</summary>
public sealed class TableEngineTests
{
    [Theory]
    [InlineData("DROP TABLE sales.orders.orders_test")]
    [InlineData("DROP SCHEMA sales.orders CASCADE")]
    [InlineData("DROP CATALOG sales CASCADE")]
    [InlineData("CREATE OR REPLACE TABLE sales.orders.orders (a INT)")]
    [InlineData("CREATE OR REPLACE VIEW sales.orders.orders AS SELECT 1 AS a")]
    public void What_is_dropped_or_replaced_takes_its_rows_along(string statement)
    {
        using var runtime = new SandboxRuntime(new());
        var orders = runtime.State.Find(SecurableKind.Table, "sales", "orders", statement.EndsWith("orders_test", StringComparison.Ordinal) ? "orders_test" : "orders")!.Table;
        OwnerChanges.Run(runtime, ["DELETE FROM sales.orders.orders WHERE order_id = 1", "DELETE FROM sales.orders.orders_test WHERE order_id = 1"]);
        runtime.Engine.Holds(orders).ShouldBeTrue();

        OwnerChanges.Run(runtime, [statement]);

        runtime.Engine.Holds(orders).ShouldBeFalse();
    }

    [Fact]
    public void What_may_come_back_keeps_its_rows_until_it_may_not()
    {
        var clock = ManualClock.Started();
        using var runtime = new SandboxRuntime(new() { Clock = clock });
        var orders = runtime.State.Find(SecurableKind.Table, "sales", "orders", "orders")!.Table;
        OwnerChanges.Run(runtime, ["DELETE FROM sales.orders.orders WHERE order_id = 1", "DROP TABLE sales.orders.orders"]);
        runtime.Engine.Holds(orders).ShouldBeTrue();

        clock.Advance(TimeSpan.FromDays(8));
        OwnerChanges.Run(runtime, ["DROP TABLE sales.orders.order_lines"]);

        runtime.Engine.Holds(orders).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => OwnerChanges.Run(runtime, ["UNDROP TABLE sales.orders.orders"]));
    }

    [Theory]
    [InlineData("ADD COLUMNS (one INT, two INT, one STRING)")]
    [InlineData("ADD COLUMNS (one INT, order_id INT)")]
    [InlineData("DROP COLUMNS (status, nothing)")]
    [InlineData("DROP COLUMNS (country, status, country)")]
    [InlineData("RENAME COLUMN nothing TO something")]
    [InlineData("RENAME COLUMN status TO COUNTRY")]
    [InlineData("ALTER COLUMN status TYPE INT")]
    [InlineData("ALTER COLUMN nothing TYPE INT")]
    public void An_alteration_that_fails_halfway_changes_nothing(string change)
    {
        using var runtime = new SandboxRuntime(new());
        var before = Read(runtime);

        Should.Throw<ArgumentException>(() => OwnerChanges.Run(runtime, [$"ALTER TABLE sales.orders.orders {change}"]));

        Read(runtime).ShouldBe(before);
    }

    [Fact]
    public void Several_columns_come_and_go_together()
    {
        using var runtime = new SandboxRuntime(new());
        var before = Read(runtime);

        OwnerChanges.Run(runtime, ["ALTER TABLE sales.orders.orders ADD COLUMNS (one INT, two STRING)", "ALTER TABLE sales.orders.orders RENAME COLUMN ONE TO First"]);
        Read(runtime).ShouldBe([.. before, "First", "two"]);
        OwnerChanges.Run(runtime, ["ALTER TABLE sales.orders.orders DROP COLUMNS (FIRST, two)"]);

        Read(runtime).ShouldBe(before);
    }

    [Theory]
    [InlineData("RENAME COLUMN country TO land")]
    [InlineData("RENAME COLUMN COUNTRY TO land")]
    [InlineData("DROP COLUMN COUNTRY")]
    public void A_column_that_a_guard_reads_keeps_its_name(string change)
    {
        using var runtime = new SandboxRuntime(new());
        OwnerChanges.Run(runtime, ["ALTER TABLE sales.orders.orders SET ROW FILTER sales.orders.only_region ON (country)"]);

        Should.Throw<ArgumentException>(() => OwnerChanges.Run(runtime, [$"ALTER TABLE sales.orders.orders {change}"])).Message.ShouldContain("row filter or column mask");
    }

    /// <summary>The columns as a query answers them: both the catalog's and the engine's.</summary>
    private static string[] Read(SandboxRuntime runtime)
    {
        using var result = new StatementRunner(runtime, new(Caller.System, null, null)).Run("SELECT * FROM sales.orders.orders", CancellationToken.None);
        result.Rows.Count().ShouldBe(24);
        string[] columns = [.. result.Columns.Select(column => column.Name)];
        runtime.State.Find(SecurableKind.Table, "sales", "orders", "orders")!.Table.Columns.Select(column => column.Name).ShouldBe(columns);
        return columns;
    }
}
