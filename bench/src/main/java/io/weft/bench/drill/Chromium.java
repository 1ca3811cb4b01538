// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A person's browser without a window: Debian's Chromium, with nothing remembered. */
final class Chromium implements AutoCloseable {

    static final String EXPECTED = "Debian's chromium and chromium-driver";

    private static final Path BROWSER = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** It warns of what it finds no tools for that nobody here uses. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    static boolean isHere() {
        return Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
    }

    static Chromium open() {
        SELENIUM.setLevel(Level.SEVERE);
        var service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File(DRIVER.toString()))
                        .usingAnyFreePort()
                        .build();
        var options = new ChromeOptions();
        options.setBinary(BROWSER.toString());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run");
        var driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE);
        return new Chromium(driver);
    }

    /** Opens a page; where nobody answers, the browser shows one of its own. */
    void go(String address) {
        try {
            driver.get(address);
        } catch (WebDriverException e) {
            if (!String.valueOf(e.getMessage()).contains("net::ERR_")) {
                throw e;
            }
        }
    }

    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** The page's heading; empty while there is none. */
    String heading() {
        try {
            return driver.findElement(By.tagName("h1")).getText();
        } catch (NoSuchElementException | StaleElementReferenceException e) {
            return "";
        }
    }

    void type(String field, String text) {
        driver.findElement(By.name(field)).sendKeys(text);
    }

    void press(String button) {
        driver.findElement(By.xpath("//button[normalize-space()='" + button + "']")).click();
    }

    /** The value of a cookie; empty when there is none. */
    String cookie(String name) {
        Cookie cookie = driver.manage().getCookieNamed(name);
        return cookie == null ? "" : cookie.getValue();
    }

    String run(String script) {
        return String.valueOf(driver.executeScript(script));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
